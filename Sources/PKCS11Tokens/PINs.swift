internal import CPKCS11
internal import CryptoCore
internal import Failures

/// The PINs of one process, in cleansed memory.
///
/// A right PIN is kept, to log in again where a token lost the login. After a wrong one, this
/// process gives the token no other: a few wrong PINs lock it.
final class PINs {
    private var right: [TokenURI: Passphrase] = [:]
    private var wrong: Set<Login> = []

    /// A user of a token: the PIN for one use of a key may be another one.
    private struct Login: Hashable {
        let token: TokenURI
        let user: CK_USER_TYPE
    }

    /// Logs in to a token, if it wants that and nobody has; the login lasts as long as a session.
    ///
    /// Throws `PKCS11Error` if the PIN is wrong or locked, or if the user gives up.
    func logIn(
        _ session: Session,
        _ token: Token,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) {
        guard token.has(UInt(CKF_LOGIN_REQUIRED)), try !session.isLoggedIn() else { return }
        try enter(session, token, CK_USER_TYPE(CKU_USER), asking: dialogue)
    }

    /// Logs in for one use of a key that wants a login before each; the PIN is asked each time.
    ///
    /// Throws `PKCS11Error` as `logIn` does.
    func confirm(
        _ session: Session,
        _ token: Token,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) {
        try enter(session, token, CK_USER_TYPE(CKU_CONTEXT_SPECIFIC), asking: dialogue)
    }

    private func enter(
        _ session: Session,
        _ token: Token,
        _ user: CK_USER_TYPE,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) {
        let token = token.asItIsNow
        guard !token.has(UInt(CKF_USER_PIN_LOCKED)) else { throw PKCS11Error.lockedPIN(token.uri) }
        guard token.has(UInt(CKF_USER_PIN_INITIALIZED)) else { throw PKCS11Error.noPIN(token.uri) }
        guard !wrong.contains(Login(token: token.uri, user: user)) else {
            throw PKCS11Error.wrongPIN(token.uri)
        }
        try warn(token, asking: dialogue)
        if token.has(UInt(CKF_PROTECTED_AUTHENTICATION_PATH)) {
            try dialogue.wait("enter the PIN of \(token.uri) at its reader") {
                () throws(PKCS11Error) in
                _ = try judge(session.logIn(user, nil), token, user)
            }
            return
        }
        let isForOneUse = user == CK_USER_TYPE(CKU_CONTEXT_SPECIFIC)
        let pin: Passphrase
        if !isForOneUse, let kept = right[token.uri] {
            pin = kept
        } else {
            pin = try ask(token, isForOneUse: isForOneUse, dialogue)
        }
        let isRight = try judge(session.logIn(user, pin), token, user)
        if isRight, !isForOneUse { right[token.uri] = pin }
    }

    private func ask(
        _ token: Token,
        isForOneUse: Bool,
        _ dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> Passphrase {
        let purpose = isForOneUse ? ", for this one use of its key" : ""
        let pin = try Passphrase(dialogue.pin("PIN of the token \(token.uri)\(purpose)"))
        guard pin.bytes.count > 0 else { throw PKCS11Error.cancelled }
        return pin
    }

    private func warn(_ token: Token, asking dialogue: any TokenDialogue) throws(PKCS11Error) {
        let question: String
        if token.has(UInt(CKF_USER_PIN_FINAL_TRY)) {
            question = "Another wrong PIN locks the token \(token.uri). Try?"
        } else if token.has(UInt(CKF_USER_PIN_COUNT_LOW)) {
            question =
                "The token \(token.uri) was given a wrong PIN before. A few more lock it. Try?"
        } else {
            return
        }
        guard try dialogue.allows(question) else { throw PKCS11Error.declined }
    }

    /// Returns whether the token took the PIN; `false` where somebody had logged in already.
    private func judge(
        _ result: CK_RV?,
        _ token: Token,
        _ user: CK_USER_TYPE
    ) throws(PKCS11Error) -> Bool {
        guard result != CK_RV(CKR_USER_ALREADY_LOGGED_IN) else { return false }
        do throws(PKCS11Error) {
            try check("C_Login", result)
            return true
        } catch {
            switch error.code {
            case .wrongSecret:
                if user == CK_USER_TYPE(CKU_USER) { right[token.uri] = nil }
                wrong.insert(Login(token: token.uri, user: user))
                throw PKCS11Error.wrongPIN(token.uri)
            case .locked: throw PKCS11Error.lockedPIN(token.uri)
            case .notFound, .invalid, .unsupported, .unavailable, .refused, .cancelled,
                .internalFailure:
                throw result == CK_RV(CKR_PIN_EXPIRED)
                    ? PKCS11Error.pinMustChange(token.uri) : error
            }
        }
    }
}

extension Session {
    /// Returns whether a user is logged in to the token; throws `PKCS11Error` if the module fails.
    fileprivate func isLoggedIn() throws(PKCS11Error) -> Bool {
        var info = CK_SESSION_INFO()
        // SAFETY: the module fills one structure.
        try check("C_GetSessionInfo", unsafe functions.pointee.C_GetSessionInfo?(handle, &info))
        return info.state == CK_STATE(CKS_RO_USER_FUNCTIONS)
            || info.state == CK_STATE(CKS_RW_USER_FUNCTIONS)
    }

    /// Returns the module's answer to a PIN; without one, the token's reader asks for it.
    fileprivate func logIn(_ user: CK_USER_TYPE, _ pin: Passphrase?) -> CK_RV? {
        guard let pin else { return unsafe functions.pointee.C_Login?(handle, user, nil, 0) }
        return pin.bytes.withBytes { bytes in
            // SAFETY: the module reads the PIN's count, and does not write, though its type says
            // so.
            unsafe bytes.withUnsafeBytes { pin in
                let start = unsafe pin.assumingMemoryBound(to: UInt8.self).baseAddress
                return unsafe functions.pointee.C_Login?(
                    handle,
                    user,
                    UnsafeMutablePointer(mutating: start),
                    CK_ULONG(pin.count)
                )
            }
        }
    }
}
