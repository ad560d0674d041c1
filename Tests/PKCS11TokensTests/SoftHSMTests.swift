import CryptoCore
import Failures
import Foundation
import KeyOperations
import TestSupport
import Testing

@testable import PKCS11Tokens

/// The token layer against SoftHSM.
///
/// The tests share its state in this process, so they run in turn.
@Suite(.serialized)
struct SoftHSMTests {
    private let message = Array("a statement".utf8)

    private func made(
        _ token: SoftHSM,
        _ keys: TokenKeys,
        _ answers: Answers
    ) throws -> TokenKeyDescription {
        try keys.generate(
            bitCount: 2048,
            label: "alice v1",
            in: TokenURI(parsing: token.uri),
            asking: answers
        )
    }

    @Test func `signs everything that it offers`() async throws {
        let token = try await SoftHSM()
        let answers = Answers(pins: [SoftHSM.pin])
        let keys = TokenKeys(moduleFromEnvironment: nil)
        let key = try made(token, keys, answers)
        #expect(key.operations.isSuperset(of: [.signStatement, .unwrap]))
        #expect(key.operations.contains(.signDigest(.pkcs1(.sha512))))
        #expect(!key.asksForEachUse)
        for operation in key.operations {
            switch operation {
            case .signStatement:
                let signature = try keys.sign(
                    .statement(message),
                    with: key.reference,
                    asking: answers
                )
                #expect(key.publicKey.isValidSignature(signature, over: message))
            case .signDigest(let scheme):
                let digest = try scheme.hash.digest(of: message)
                let signature = try keys.sign(
                    .digest(digest, scheme),
                    with: key.reference,
                    asking: answers
                )
                #expect(
                    key.publicKey.isValidSignature(signature, ofDigest: digest, scheme: scheme)
                )
            case .unwrap: break
            }
        }
        #expect(answers.questions.filter { $0.hasPrefix("PIN") }.count == 1)
    }

    @Test func `refuses a digest of another length`() async throws {
        let token = try await SoftHSM()
        let answers = Answers(pins: [SoftHSM.pin])
        let keys = TokenKeys(moduleFromEnvironment: nil)
        let key = try made(token, keys, answers)
        let error = #expect(throws: PKCS11Error.self) {
            try keys.sign(
                .digest([1, 2, 3], .pkcs1(.sha256)),
                with: key.reference,
                asking: answers
            )
        }
        #expect(error?.code == .invalid)
    }

    @Test func `unwraps what the public half sealed, and nothing else`() async throws {
        let token = try await SoftHSM()
        let answers = Answers(pins: [SoftHSM.pin])
        let keys = TokenKeys(moduleFromEnvironment: nil)
        let key = try made(token, keys, answers)
        let secret = Array("0123456789abcdef".utf8)
        for label in [[], Array("a label".utf8)] {
            let sealed = try key.publicKey.encrypt(secret.borrowedBytes, label: label)
            let opened = try keys.unwrap(
                sealed,
                label: label,
                with: key.reference,
                asking: answers
            )
            #expect(opened.publicBytes == secret)
            var changed = sealed
            changed[100] ^= 1
            let wrong: [([UInt8], [UInt8])] = [
                (sealed, Array("another".utf8)), (changed, label),
                (Array(sealed.dropLast()), label),
                ([UInt8](repeating: 0xff, count: sealed.count), label), ([], label),
            ]
            var messages: Set<String> = []
            for (ciphertext, label) in wrong {
                let error = #expect(throws: PKCS11Error.self) {
                    _ = try keys.unwrap(
                        ciphertext,
                        label: label,
                        with: key.reference,
                        asking: answers
                    )
                }
                #expect(error?.code == .invalid)
                messages.insert(error?.message ?? "")
            }
            #expect(messages.count == 1)
        }
    }

    @Test func `finds a key again, until it is deleted`() async throws {
        let token = try await SoftHSM()
        let uri = try TokenURI(parsing: token.uri)
        let reference: String
        do {
            let answers = Answers(pins: [SoftHSM.pin])
            let keys = TokenKeys(moduleFromEnvironment: nil)
            reference = try made(token, keys, answers).reference
            _ = try made(token, keys, answers)
        }
        let answers = Answers(pins: [SoftHSM.pin])
        let keys = TokenKeys(moduleFromEnvironment: nil)
        let listed = try keys.list(uri, asking: answers)
        #expect(listed.count == 2)
        #expect(listed.contains { $0.reference == reference })
        let error = #expect(throws: PKCS11Error.self) {
            try keys.open("\(uri)", asking: answers)
        }
        #expect(error?.message.contains("id=") == true)
        let session = try Session(keys.present(uri))
        let publicHalves = TokenKeys.template(2)
        #expect(try session.objects(publicHalves).count == 2)
        try keys.delete(reference, asking: answers)
        #expect(try session.objects(publicHalves).count == 1)
        for _ in 0..<2 {
            let gone = #expect(throws: PKCS11Error.self) {
                try keys.sign(.statement(message), with: reference, asking: answers)
            }
            #expect(gone?.code == .notFound)
        }
        #expect(try keys.list(uri, asking: answers).count == 1)
    }

    @Test func `several tokens are listed, and no PIN is asked`() async throws {
        let first = try await SoftHSM()
        let second = try await SoftHSM()
        let answers = Answers(pins: [SoftHSM.pin])
        let uri = try TokenURI(
            parsing: "manufacturer=SoftHSM%20project?module-path=\(SoftHSM.module)"
        )
        let error = #expect(throws: PKCS11Error.self) {
            try TokenKeys(moduleFromEnvironment: nil).list(uri, asking: answers)
        }
        for token in [first, second] {
            let label = token.label.replacingOccurrences(of: " ", with: "%20")
            #expect(error?.message.contains("token=\(label);") == true)
        }
        #expect(answers.questions.isEmpty)
    }

    @Test func `a token that is not there is named`() async throws {
        _ = try await SoftHSM()
        let uri = try TokenURI(parsing: "token=none?module-path=\(SoftHSM.module)")
        let error = #expect(throws: PKCS11Error.self) {
            try TokenKeys(moduleFromEnvironment: nil).list(uri, asking: Answers())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("token=none") == true)
    }

    @Test func `a wrong PIN of the token is wrong`() async throws {
        let token = try await SoftHSM()
        let error = #expect(throws: PKCS11Error.self) {
            try made(token, TokenKeys(moduleFromEnvironment: nil), Answers(pins: ["4321"]))
        }
        #expect(error?.code == .wrongSecret)
    }
}
