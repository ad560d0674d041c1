public import CryptoCore

/// How a token asks its user.
///
/// The plugin passes the questions on to keyctl.
public protocol TokenDialogue {
    /// Returns the PIN that the user typed; throws `PKCS11Error.cancelled` if there is none.
    func pin(_ prompt: String) throws(PKCS11Error) -> SecretBytes
    /// Returns whether the user says yes; throws `PKCS11Error` if nobody can be asked.
    func allows(_ question: String) throws(PKCS11Error) -> Bool
    /// Shows `text` while `work` waits for the token, perhaps for minutes; throws what `work`
    /// throws.
    func wait<Result: ~Copyable>(
        _ text: String,
        for work: () throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result
}
