internal import CPKCS11
internal import Failures

/// Throws `PKCS11Error` unless a function of a module returned CKR_OK; `nil` stands for a function
/// that the module lacks.
func check(_ function: String, _ result: CK_RV?) throws(PKCS11Error) {
    let result = result ?? CK_RV(CKR_FUNCTION_NOT_SUPPORTED)
    guard result == CK_RV(CKR_OK) else { throw PKCS11Error.failed(function, result) }
}

extension PKCS11Error {
    static func failed(_ function: String, _ result: CK_RV) -> PKCS11Error {
        let (code, name) = meaning(result)
        return PKCS11Error(code, "the token answered \(name) to \(function)")
    }

    private static func meaning(_ result: CK_RV) -> (PKCS11ErrorCode, String) {
        for (value, code, name) in meanings where value == result { return (code, name) }
        return (.internalFailure, "0x" + String(result, radix: 16))
    }

    /// The values that a user can act on, or that decide what happens next.
    private static let meanings: [(CK_RV, PKCS11ErrorCode, String)] = [
        (CK_RV(CKR_SLOT_ID_INVALID), .unavailable, "CKR_SLOT_ID_INVALID"),
        (CK_RV(CKR_DEVICE_REMOVED), .unavailable, "CKR_DEVICE_REMOVED"),
        (CK_RV(CKR_TOKEN_NOT_PRESENT), .unavailable, "CKR_TOKEN_NOT_PRESENT"),
        (CK_RV(CKR_TOKEN_NOT_RECOGNIZED), .unavailable, "CKR_TOKEN_NOT_RECOGNIZED"),
        (CK_RV(CKR_SESSION_CLOSED), .unavailable, "CKR_SESSION_CLOSED"),
        (CK_RV(CKR_SESSION_HANDLE_INVALID), .unavailable, "CKR_SESSION_HANDLE_INVALID"),
        (CK_RV(CKR_CRYPTOKI_NOT_INITIALIZED), .unavailable, "CKR_CRYPTOKI_NOT_INITIALIZED"),
        (CK_RV(CKR_USER_NOT_LOGGED_IN), .unavailable, "CKR_USER_NOT_LOGGED_IN"),
        (CK_RV(CKR_OBJECT_HANDLE_INVALID), .notFound, "CKR_OBJECT_HANDLE_INVALID"),
        (CK_RV(CKR_KEY_HANDLE_INVALID), .notFound, "CKR_KEY_HANDLE_INVALID"),
        (CK_RV(CKR_PIN_INCORRECT), .wrongSecret, "CKR_PIN_INCORRECT"),
        (CK_RV(CKR_PIN_INVALID), .wrongSecret, "CKR_PIN_INVALID"),
        (CK_RV(CKR_PIN_LEN_RANGE), .wrongSecret, "CKR_PIN_LEN_RANGE"),
        (CK_RV(CKR_PIN_LOCKED), .locked, "CKR_PIN_LOCKED"),
        (CK_RV(CKR_PIN_EXPIRED), .refused, "CKR_PIN_EXPIRED"),
        (CK_RV(CKR_FUNCTION_CANCELED), .cancelled, "CKR_FUNCTION_CANCELED"),
        (CK_RV(CKR_FUNCTION_REJECTED), .refused, "CKR_FUNCTION_REJECTED"),
        (CK_RV(CKR_ACTION_PROHIBITED), .refused, "CKR_ACTION_PROHIBITED"),
        (CK_RV(CKR_TOKEN_WRITE_PROTECTED), .refused, "CKR_TOKEN_WRITE_PROTECTED"),
        (CK_RV(CKR_SESSION_READ_ONLY), .refused, "CKR_SESSION_READ_ONLY"),
        (CK_RV(CKR_FUNCTION_NOT_SUPPORTED), .unsupported, "CKR_FUNCTION_NOT_SUPPORTED"),
        (CK_RV(CKR_MECHANISM_INVALID), .unsupported, "CKR_MECHANISM_INVALID"),
        (CK_RV(CKR_MECHANISM_PARAM_INVALID), .unsupported, "CKR_MECHANISM_PARAM_INVALID"),
        (CK_RV(CKR_KEY_SIZE_RANGE), .unsupported, "CKR_KEY_SIZE_RANGE"),
        (
            CK_RV(CKR_KEY_FUNCTION_NOT_PERMITTED), .unsupported,
            "CKR_KEY_FUNCTION_NOT_PERMITTED"
        ),
        (CK_RV(CKR_DEVICE_MEMORY), .unsupported, "CKR_DEVICE_MEMORY"),
        (CK_RV(CKR_ATTRIBUTE_VALUE_INVALID), .unsupported, "CKR_ATTRIBUTE_VALUE_INVALID"),
        (CK_RV(CKR_TEMPLATE_INCONSISTENT), .unsupported, "CKR_TEMPLATE_INCONSISTENT"),
        (CK_RV(CKR_ENCRYPTED_DATA_INVALID), .invalid, "CKR_ENCRYPTED_DATA_INVALID"),
        (CK_RV(CKR_ENCRYPTED_DATA_LEN_RANGE), .invalid, "CKR_ENCRYPTED_DATA_LEN_RANGE"),
        (CK_RV(CKR_DEVICE_ERROR), .internalFailure, "CKR_DEVICE_ERROR"),
        (CK_RV(CKR_FUNCTION_FAILED), .internalFailure, "CKR_FUNCTION_FAILED"),
        (CK_RV(CKR_GENERAL_ERROR), .internalFailure, "CKR_GENERAL_ERROR"),
    ]
}
