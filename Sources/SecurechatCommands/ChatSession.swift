import ChatClient
import ChatProtocol
import CommandSupport
import CryptoCore
import Glibc
import KeyFormats
import Keystore

/// One `securechat connect`, from what was settled to the end: on a terminal or on streams.
struct ChatSession: Sendable {
    let configuration: ClientConfiguration
    let keystore: Keystore
    let unlocked: UnlockedIdentity
    /// A file that keeps what is said.
    let transcript: String?
    /// Whether all input is text.
    let isTextOnly: Bool

    func client(_ output: any ClientOutput) -> ChatClient {
        ChatClient(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            output: output
        )
    }

    /// The output with the transcript before it, where there is one; throws `ChatError`.
    func recorded(_ output: any ClientOutput) throws(ChatError) -> any ClientOutput {
        guard let transcript else { return output }
        return try TranscriptOutput(
            path: transcript,
            user: unlocked.record.name.description,
            output: output
        )
    }
}
