import ChatClient
import ChatProtocol
import CommandSupport
import CryptoCore
import Glibc
import KeyFormats
import Keystore

/// One run of `securechat connect`, on a terminal or on streams, after its settings are known.
struct ChatSession: Sendable {
    let configuration: ClientConfiguration
    let keystore: Keystore
    let unlocked: UnlockedIdentity
    /// The path of the transcript, if there is one.
    let transcript: String?
    /// Whether all input is text, without commands.
    let isTextOnly: Bool

    func client(_ output: any ClientOutput) -> ChatClient {
        ChatClient(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            output: output
        )
    }

    /// Returns an output that also writes the transcript file, if the user named one; else `output`.
    ///
    /// Throws `ChatError` if the transcript cannot be opened.
    func recorded(_ output: any ClientOutput) throws(ChatError) -> any ClientOutput {
        guard let transcript else { return output }
        return try TranscriptOutput(
            path: transcript,
            user: unlocked.record.name.description,
            output: output
        )
    }
}
