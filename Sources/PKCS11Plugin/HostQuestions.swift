internal import CryptoCore
internal import PKCS11Tokens
internal import PluginWire

/// Passes the questions of one request on to the host.
final class HostQuestions: TokenDialogue {
    private let host: HostDialogue
    /// Why the host did not answer; the request ends with it.
    private(set) var failure: (any Error)?

    init(_ host: HostDialogue) { self.host = host }

    func pin(_ prompt: String) throws(PKCS11Error) -> SecretBytes {
        do { return try host.askSecret(prompt) } catch { throw failed(error) }
    }

    func allows(_ question: String) throws(PKCS11Error) -> Bool {
        do { return try host.confirm(question, yes: "yes", no: "no") } catch { throw failed(error) }
    }

    func wait<Result: ~Copyable>(
        _ text: String,
        for work: () throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        do { try host.show(text) } catch { throw failed(error) }
        return try work()
    }

    private func failed(_ error: any Error) -> PKCS11Error {
        failure = error
        return PKCS11Error.cancelled
    }
}
