// A PKCS #11 module for tests: one token with one RSA key and the PIN 1234. It computes nothing.
// Each macro makes it lie in one way. With LOG, it writes a line to that file for each login.
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <string.h>

#define HUGE_COUNT (1UL << 40)
enum { publicHandle = 1, privateHandle = 2, modulusCount = 256 };

static CK_FUNCTION_LIST list;
static int isLoggedIn, isFound = 1, isDestroyed;
static CK_OBJECT_CLASS wantedClass;

static void log_line(const char *line) {
#ifdef LOG
    FILE *file = fopen(LOG, "a");
    if (file) fprintf(file, "%s\n", line), fclose(file);
#endif
    (void)line;
}

static CK_RV initialize(void *arguments) { return arguments ? CKR_OK : CKR_ARGUMENTS_BAD; }
static CK_RV finalize(void *reserved) { return reserved ? CKR_ARGUMENTS_BAD : CKR_OK; }

static CK_RV get_info(CK_INFO *info) {
    memset(info, ' ', sizeof *info);
    info->libraryVersion.major = 1, info->libraryVersion.minor = 5;
    return CKR_OK;
}

static CK_RV slot_list(unsigned char present, CK_SLOT_ID *slots, unsigned long *count) {
    (void)present;
    if (slots) slots[0] = 7;
    *count = 1;
#ifdef LIE_SLOT_COUNT
    *count = HUGE_COUNT;
#endif
    return CKR_OK;
}

static CK_RV slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    memset(info, ' ', sizeof *info);
    return slot == 7 ? CKR_OK : CKR_SLOT_ID_INVALID;
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    memset(info, ' ', sizeof *info);
    memcpy(info->label, "fake", 4);
    memcpy(info->serialNumber, "77\0garbage", 10);
    info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
#ifdef FINAL_TRY
    info->flags |= CKF_USER_PIN_FINAL_TRY;
#endif
#ifdef COUNT_LOW
    info->flags |= CKF_USER_PIN_COUNT_LOW;
#endif
#ifdef LOCKED
    info->flags |= CKF_USER_PIN_LOCKED;
#endif
#ifdef PROTECTED
    info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
#endif
    return slot == 7 ? CKR_OK : CKR_SLOT_ID_INVALID;
}

static CK_RV mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *types, unsigned long *count) {
    static const CK_MECHANISM_TYPE all[] = {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS,
                                            CKM_SHA384_RSA_PKCS_PSS, CKM_RSA_X_509};
    if (types) memcpy(types, all, sizeof all);
    *count = sizeof all / sizeof *all;
#ifdef LIE_MECHANISM_COUNT
    *count = HUGE_COUNT;
#endif
    return slot == 7 ? CKR_OK : CKR_SLOT_ID_INVALID;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session) {
    (void)flags, (void)application, (void)notify;
    *session = 9;
    return slot == 7 ? CKR_OK : CKR_SLOT_ID_INVALID;
}

static CK_RV close_session(CK_SESSION_HANDLE session) { return session == 9 ? CKR_OK : 1; }

static CK_RV session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
    (void)session;
    memset(info, 0, sizeof *info);
    info->state = isLoggedIn ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
    return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
                   unsigned long count) {
    (void)session;
    log_line(user == CKU_CONTEXT_SPECIFIC ? "login for one use"
             : pin                        ? "login"
                                          : "login at reader");
    if (pin && (count != 4 || memcmp(pin, "1234", 4))) return CKR_PIN_INCORRECT;
    if (user == CKU_USER) isLoggedIn = 1;
    return CKR_OK;
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, unsigned long count) {
    (void)session;
    wantedClass = CKO_PRIVATE_KEY;
    for (unsigned long i = 0; i < count; i++)
        if (template[i].type == CKA_CLASS) wantedClass = *(CK_OBJECT_CLASS *)template[i].pValue;
    isFound = 0;
    return CKR_OK;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, unsigned long room,
                  unsigned long *count) {
    (void)session;
    *count = 0;
    if (isDestroyed) return CKR_OK;
#ifdef LIE_FIND_COUNT
    *count = HUGE_COUNT;
    return CKR_OK;
#endif
#ifdef LIE_ENDLESS_FIND
    for (unsigned long i = 0; i < room; i++) found[i] = privateHandle;
    *count = room;
    return CKR_OK;
#endif
    (void)room;
    if (isFound || !isLoggedIn) return CKR_OK;
    found[0] = wantedClass == CKO_PRIVATE_KEY ? privateHandle : publicHandle;
    *count = 1, isFound = 1;
    return CKR_OK;
}

static CK_RV find_final(CK_SESSION_HANDLE session) { return (void)session, CKR_OK; }

static CK_RV give(CK_ATTRIBUTE *attribute, const void *value, unsigned long count) {
    unsigned long room = attribute->ulValueLen;
    attribute->ulValueLen = count;
    if (!attribute->pValue) return CKR_OK;
    if (count > room) return attribute->ulValueLen = (unsigned long)-1, CKR_BUFFER_TOO_SMALL;
    memcpy(attribute->pValue, value, count);
    return CKR_OK;
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                           CK_ATTRIBUTE *attribute, unsigned long count) {
    static const unsigned char exponent[] = {1, 0, 1}, id[] = {5, 6};
    unsigned char modulus[modulusCount], yes = 1, no = 0;
    (void)session, (void)object;
    if (count != 1) return CKR_ARGUMENTS_BAD;
    memset(modulus, 0xc5, sizeof modulus);
    switch (attribute->type) {
        case CKA_ID:
#ifdef LIE_ID_LENGTH
            attribute->ulValueLen = HUGE_COUNT;
            return CKR_OK;
#endif
#ifdef LIE_ID_UNAVAILABLE
            attribute->ulValueLen = (unsigned long)-1;
            return CKR_OK;
#endif
            return give(attribute, id, sizeof id);
        case CKA_LABEL: return give(attribute, "a key", 5);
        case CKA_MODULUS:
#ifdef LIE_MODULUS_SHORT
            return give(attribute, modulus, 3);
#endif
            return give(attribute, modulus, sizeof modulus);
        case CKA_PUBLIC_EXPONENT: return give(attribute, exponent, sizeof exponent);
        case CKA_SIGN:
#ifdef LIE_FLAG_LENGTH
            return give(attribute, modulus, 8);
#endif
        case CKA_DECRYPT:
        case CKA_SENSITIVE:
        case CKA_ALWAYS_SENSITIVE: return give(attribute, &yes, 1);
        case CKA_NEVER_EXTRACTABLE:
#ifdef EXTRACTABLE
            return give(attribute, &no, 1);
#endif
            return give(attribute, &yes, 1);
        case CKA_EXTRACTABLE: return give(attribute, &no, 1);
        case CKA_ALWAYS_AUTHENTICATE:
#ifdef ALWAYS_AUTHENTICATE
            return give(attribute, &yes, 1);
#endif
            return give(attribute, &no, 1);
        default: return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

static CK_RV begin(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
    (void)session, (void)mechanism;
    if (!isLoggedIn) return CKR_USER_NOT_LOGGED_IN;
    return key == privateHandle && !isDestroyed ? CKR_OK : CKR_KEY_HANDLE_INVALID;
}

static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, unsigned long count,
                  unsigned char *signature, unsigned long *written) {
    (void)session, (void)data, (void)count;
    memset(signature, 1, modulusCount);
    *written = modulusCount;
#ifdef LOSES_LOGIN
    isLoggedIn = 0;
#endif
#ifdef LIE_SIGNATURE_LENGTH
    *written = HUGE_COUNT;
#endif
    return CKR_OK;
}

static CK_RV decrypt(CK_SESSION_HANDLE session, unsigned char *data, unsigned long count,
                     unsigned char *out, unsigned long *written) {
    (void)session, (void)data, (void)count;
    memset(out, 1, modulusCount);
    *written = modulusCount;
#ifdef LIE_PLAINTEXT_LENGTH
    *written = HUGE_COUNT;
#endif
#ifdef LIE_PLAINTEXT_EMPTY
    *written = 0;
#endif
    return CKR_OK;
}

static CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *publics,
                      unsigned long public_count, CK_ATTRIBUTE *privates,
                      unsigned long private_count, CK_OBJECT_HANDLE *public_half,
                      CK_OBJECT_HANDLE *private_half) {
    (void)session, (void)mechanism, (void)publics, (void)public_count, (void)privates;
    (void)private_count;
    *public_half = publicHandle, *private_half = privateHandle;
    return CKR_OK;
}

static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
    (void)session;
    log_line(object == privateHandle ? "destroy private" : "destroy public");
    if (object == privateHandle) isDestroyed = 1;
    return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **functions) {
    list.version.major = 2, list.version.minor = 40;
#ifdef LIE_VERSION
    list.version.major = 9;
#endif
    list.C_Initialize = initialize, list.C_Finalize = finalize, list.C_GetInfo = get_info;
    list.C_GetSlotList = slot_list, list.C_GetSlotInfo = slot_info;
    list.C_GetTokenInfo = token_info, list.C_GetMechanismList = mechanism_list;
    list.C_OpenSession = open_session, list.C_CloseSession = close_session;
    list.C_GetSessionInfo = session_info, list.C_Login = login;
    list.C_FindObjectsInit = find_init, list.C_FindObjects = find;
    list.C_FindObjectsFinal = find_final, list.C_GetAttributeValue = get_attribute;
    list.C_SignInit = begin, list.C_DecryptInit = begin, list.C_Decrypt = decrypt;
    list.C_GenerateKeyPair = generate, list.C_DestroyObject = destroy;
    (void)sign;
#ifndef LACKS_SIGN
    list.C_Sign = sign;
#endif
    *functions = &list;
#ifdef LIE_NO_LIST
    *functions = NULL;
#endif
    return CKR_OK;
}
