import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats
import SwiftProtobuf
import TestSupport
import Testing

@testable import ChatProtocol

/// The row of docs/signatures.md about a chat: two structures of one session key.
struct SigningContextTests {
    @Test func `a message is no announcement of keys, and the other way round`() throws {
        let now: Int64 = 1_800_000_000
        let id = try PublicKey(TestKeys.all[0].publicKey).identityID
        let keys = try SessionKeys(
            use: .client,
            identity: id,
            chat: id,
            version: 1,
            statements: [],
            issuer: TestKeys.all[0],
            now: now
        )
        let content = WireMessageContent.with { $0.room = "lobby" }
        let contexts: [(SigningContext, SigningContext, String)] = [
            (.message, .keys, "securechat message v1\n"), (.keys, .message, "securechat keys v1\n"),
        ]
        for (context, other, line) in contexts {
            let signed = try WireSigned(serializedBytes: context.sign(content, keys: keys))
            let key = keys.certificate.signingKey
            #expect(context.isValid(signed, by: key))
            #expect(!other.isValid(signed, by: key))
            let covered = Array(line.utf8) + Array(signed.content)
            #expect(key.isValidSignature(Array(signed.signature), over: covered))
        }
    }
}
