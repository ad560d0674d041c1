internal import CPKCS11

/// A session with a token; it owns the module's session.
///
/// An operation that fails leaves its session in an unknown state, so each operation has a session
/// of its own. The login belongs to the token, and lasts while any session is open.
@safe
final class Session {
    let module: PKCS11Module
    let handle: CK_SESSION_HANDLE
    var functions: UnsafePointer<CK_FUNCTION_LIST> { unsafe module.functions }

    /// Throws `PKCS11Error` if the token is gone or read-only.
    init(_ token: Token, isWritable: Bool = false) throws(PKCS11Error) {
        module = token.module
        try module.requireOwnProcess()
        let flags = CKF_SERIAL_SESSION | (isWritable ? CKF_RW_SESSION : 0)
        var handle = CK_SESSION_HANDLE(CK_INVALID_HANDLE)
        // SAFETY: the module writes one handle.
        try check(
            "C_OpenSession",
            unsafe module.functions.pointee.C_OpenSession?(
                token.slot,
                CK_FLAGS(flags),
                nil,
                nil,
                &handle
            )
        )
        self.handle = handle
    }

    deinit {
        guard (try? module.requireOwnProcess()) != nil else { return }
        _ = unsafe functions.pointee.C_CloseSession?(handle)
    }
}
