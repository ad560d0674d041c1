#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros and variadic functions do not reach Swift: each gets a function here, and nothing more.

static inline EVP_PKEY *copenssl_rsa_generate(size_t bits) { return EVP_RSA_gen(bits); }

static inline EVP_PKEY *copenssl_p256_generate(void) { return EVP_EC_gen("P-256"); }

static inline void *copenssl_malloc(size_t count) { return OPENSSL_malloc(count); }

static inline void *copenssl_secure_malloc(size_t count) { return OPENSSL_secure_zalloc(count); }

static inline void copenssl_secure_clear_free(void *bytes, size_t count) {
    OPENSSL_secure_clear_free(bytes, count);
}

static inline void copenssl_free(void *bytes) { OPENSSL_free(bytes); }

static inline void copenssl_clear_free(void *bytes, size_t count) {
    OPENSSL_clear_free(bytes, count);
}

// HKDF's parameters hold pointers to their key names, so the array is built where those live.
static inline int copenssl_hkdf_sha256(
    const unsigned char *secret, size_t secret_count, const unsigned char *salt, size_t salt_count,
    const unsigned char *info, size_t info_count, unsigned char *out, size_t out_count) {
    static EVP_KDF *kdf = NULL;  // fetched once: a fetch costs more than the derivation
    EVP_KDF *shared = __atomic_load_n(&kdf, __ATOMIC_ACQUIRE);
    if (shared == NULL) {
        EVP_KDF *fetched = EVP_KDF_fetch(NULL, "HKDF", NULL);
        if (fetched == NULL) return 0;
        if (__atomic_compare_exchange_n(&kdf, &shared, fetched, 0, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
            shared = fetched;
        } else {
            EVP_KDF_free(fetched);
        }
    }
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(shared);
    if (context == NULL) return 0;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, secret_count),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_count),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_count),
        OSSL_PARAM_construct_end(),
    };
    int status = EVP_KDF_derive(context, out, out_count, parameters);
    EVP_KDF_CTX_free(context);
    return status;
}

// What opening a PBES2 structure would cost, read before any of it is spent.
typedef struct {
    int known;             // 0: not PBES2, or not PBKDF2 or scrypt
    long iterations;       // PBKDF2
    uint64_t scrypt_n, scrypt_r, scrypt_p;
} copenssl_pbes2_cost;

static inline copenssl_pbes2_cost copenssl_pbes2_cost_of(const X509_SIG *sealed) {
    copenssl_pbes2_cost cost = {0, 0, 0, 0, 0};
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *object = NULL;
    X509_SIG_get0(sealed, &algorithm, NULL);
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    if (OBJ_obj2nid(object) != NID_pbes2) return cost;
    PBE2PARAM *pbes2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
    if (pbes2 == NULL) return cost;
    X509_ALGOR_get0(&object, NULL, NULL, pbes2->keyfunc);
    if (OBJ_obj2nid(object) == NID_id_pbkdf2) {
        PBKDF2PARAM *kdf =
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), pbes2->keyfunc->parameter);
        if (kdf != NULL) {
            cost.known = 1;
            cost.iterations = ASN1_INTEGER_get(kdf->iter);
            PBKDF2PARAM_free(kdf);
        }
    } else if (OBJ_obj2nid(object) == NID_id_scrypt) {
        SCRYPT_PARAMS *kdf =
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), pbes2->keyfunc->parameter);
        if (kdf != NULL) {
            cost.known = ASN1_INTEGER_get_uint64(&cost.scrypt_n, kdf->costParameter) == 1 &&
                         ASN1_INTEGER_get_uint64(&cost.scrypt_r, kdf->blockSize) == 1 &&
                         ASN1_INTEGER_get_uint64(&cost.scrypt_p, kdf->parallelizationParameter) == 1;
            SCRYPT_PARAMS_free(kdf);
        }
    }
    PBE2PARAM_free(pbes2);
    return cost;
}

static inline const ASN1_OBJECT *copenssl_eku_at(const EXTENDED_KEY_USAGE *usage, int index) {
    return sk_ASN1_OBJECT_value(usage, index);
}

static inline int copenssl_eku_count(const EXTENDED_KEY_USAGE *usage) {
    return sk_ASN1_OBJECT_num(usage);
}

// prctl is variadic.
#include <sys/prctl.h>
static inline int copenssl_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
