#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

// PKCS #11 version 3.0 has these numbers; the header is that of version 2.40.
#define CPKCS11_SHA3_512 0x2d0UL
#define CPKCS11_MGF1_SHA3_512 0x09UL

// The entry point of a module. A pointer to an object cannot be cast to a function in Swift.
static inline unsigned long cpkcs11_functions(void *entry, CK_FUNCTION_LIST **functions) {
    return ((CK_C_GetFunctionList)entry)(functions);
}

// Swift imports arrays as tuples. Each text that is read gets a function here.
static inline const unsigned char *cpkcs11_label(const CK_TOKEN_INFO *info) { return info->label; }

static inline const unsigned char *cpkcs11_manufacturer(const CK_TOKEN_INFO *info) {
    return info->manufacturerID;
}
static inline const unsigned char *cpkcs11_model(const CK_TOKEN_INFO *info) { return info->model; }

static inline const unsigned char *cpkcs11_serial(const CK_TOKEN_INFO *info) {
    return info->serialNumber;
}
static inline const unsigned char *cpkcs11_slot_description(const CK_SLOT_INFO *info) {
    return info->slotDescription;
}
static inline const unsigned char *cpkcs11_slot_manufacturer(const CK_SLOT_INFO *info) {
    return info->manufacturerID;
}
static inline const unsigned char *cpkcs11_library_description(const CK_INFO *info) {
    return info->libraryDescription;
}
static inline const unsigned char *cpkcs11_library_manufacturer(const CK_INFO *info) {
    return info->manufacturerID;
}
