#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Swift cannot call macros and variadic functions. Each one that is needed gets a function here.

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

// The parameters of HKDF hold pointers to their names, so the array is built where the names live.
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

// HMAC() returns its length through a pointer to unsigned; EVP_Q_mac takes a size_t.
static inline int copenssl_hmac_sha256(
    const unsigned char *key, size_t key_count, const unsigned char *message, size_t message_count,
    unsigned char *out, size_t *written) {
    static const unsigned char none = 0;  // a null key would mean the previous key
    return EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key_count ? key : &none, key_count, message,
                     message_count, out, 32, written) != NULL;
}

// Makes an RSA key from its numbers and computes the other numbers. OSSL_PARAM arrays are built
// from macros and hold pointers.
static inline EVP_PKEY *copenssl_rsa_from_numbers(
    const unsigned char *n, size_t n_count, const unsigned char *e, size_t e_count,
    const unsigned char *d, size_t d_count, const unsigned char *p, size_t p_count,
    const unsigned char *q, size_t q_count) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    BN_CTX *scratch = BN_CTX_secure_new();
    BIGNUM *public_n = BN_bin2bn(n, (int)n_count, NULL);
    BIGNUM *public_e = BN_bin2bn(e, (int)e_count, NULL);
    BIGNUM *secrets[8] = {NULL};  // d p q p-1 q-1 dP dQ qInv
    int ok = context && builder && scratch && public_n && public_e;
    for (int i = 0; i < 8; i++) ok = ok && (secrets[i] = BN_secure_new()) != NULL;
    for (int i = 0; i < 8 && ok; i++) BN_set_flags(secrets[i], BN_FLG_CONSTTIME);
    ok = ok && BN_bin2bn(d, (int)d_count, secrets[0]) && BN_bin2bn(p, (int)p_count, secrets[1]) &&
         BN_bin2bn(q, (int)q_count, secrets[2]) && !BN_is_zero(secrets[1]) &&
         !BN_is_zero(secrets[2]) && BN_sub(secrets[3], secrets[1], BN_value_one()) &&
         BN_sub(secrets[4], secrets[2], BN_value_one()) && !BN_is_zero(secrets[3]) &&
         !BN_is_zero(secrets[4]) && BN_mod(secrets[5], secrets[0], secrets[3], scratch) &&
         BN_mod(secrets[6], secrets[0], secrets[4], scratch) &&
         BN_mod_inverse(secrets[7], secrets[2], secrets[1], scratch) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, public_n) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, public_e) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, secrets[0]) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR1, secrets[1]) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR2, secrets[2]) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT1, secrets[5]) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT2, secrets[6]) &&
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, secrets[7]) &&
         (parameters = OSSL_PARAM_BLD_to_param(builder)) && EVP_PKEY_fromdata_init(context) == 1 &&
         EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) == 1;
    OSSL_PARAM_free(parameters);
    for (int i = 0; i < 8; i++) BN_clear_free(secrets[i]);
    BN_free(public_n);
    BN_free(public_e);
    BN_CTX_free(scratch);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return ok ? key : NULL;
}

// RSAES-OAEP without the RSA operation, SHA-256 for hash and MGF1. OpenSSL 3 calls the function
// deprecated, and has no other one that takes a decrypted block.
static inline int copenssl_oaep_sha256_unpad(
    unsigned char *out, const unsigned char *block, size_t block_count, size_t modulus_count,
    const unsigned char *label, size_t label_count) {
    return RSA_padding_check_PKCS1_OAEP_mgf1(
        out, (int)modulus_count, block, (int)block_count, (int)modulus_count, label,
        (int)label_count, EVP_sha256(), EVP_sha256());
}

// sk_X509_EXTENSION_… are macros.
static inline int copenssl_request_add_alternative_names(X509_REQ *request, const char *names) {
    STACK_OF(X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null();
    X509_EXTENSION *item = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    int ok = extensions && item && sk_X509_EXTENSION_push(extensions, item) > 0;
    if (!ok) X509_EXTENSION_free(item);
    ok = ok && X509_REQ_add_extensions(request, extensions);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    return ok;
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

// A key of ECDSA from its point and, unless it is NULL, its private number.
static inline EVP_PKEY *copenssl_ec_from_numbers(
    const char *group, const unsigned char *point, size_t point_count,
    const unsigned char *scalar, size_t scalar_count) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    BIGNUM *number = NULL;
    int ok = context && builder &&
             OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) &&
             OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_count);
    if (ok && scalar != NULL) {
        number = BN_secure_new();
        ok = number && BN_bin2bn(scalar, (int)scalar_count, number) &&
             OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
    }
    ok = ok && (parameters = OSSL_PARAM_BLD_to_param(builder)) &&
         EVP_PKEY_fromdata_init(context) == 1 &&
         EVP_PKEY_fromdata(context, &key, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                           parameters) == 1;
    OSSL_PARAM_free(parameters);
    BN_clear_free(number);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return ok ? key : NULL;
}
