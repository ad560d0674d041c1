import CryptoCore
import KeyOperations
import PluginWire
import Stanzas
import TestSupport
import Testing

/// The plugin as a process, against SoftHSM.
struct TokenPluginTests {
    private let message = Array("a statement".utf8)

    private func start(_ tokens: TokenFolder) async throws -> DrivenPlugin {
        try await DrivenPlugin(folder: tokens.path, environment: tokens.environment)
    }

    private func key(_ outcome: DrivenPlugin.Outcome) throws -> KeyDescription {
        guard case .done(let data) = outcome, case .key(let key)? = data.first else {
            Issue.record("no key: \(outcome)")
            throw CryptoError.wrongKey
        }
        return key
    }

    private func code(_ outcome: DrivenPlugin.Outcome) -> PluginRefusal.Code? {
        guard case .refused(let refusal) = outcome else { return nil }
        return refusal.code
    }

    private func generate(_ place: String? = "token=alice") -> PluginRequest {
        .generate(bitCount: 2048, label: "alice v1", place: place)
    }

    @Test func `keeps a key from its making to its end`() async throws {
        let tokens = try await TokenFolder(tokens: ["alice"])
        let first = try await start(tokens)
        let made = try key(await first.run(generate(), secrets: [TokenFolder.pin]))
        #expect(await first.end() == 0)
        #expect(made.confirmation == .none && made.allowsUnattendedUse)

        let plugin = try await start(tokens)
        let opened = try key(
            await plugin.run(.open(reference: made.reference), secrets: [TokenFolder.pin])
        )
        #expect(opened == made)
        let publicKey = try RSAPublicKey(spkiDER: opened.publicKey)

        let signed = try await plugin.run(.sign(reference: made.reference, .statement(message)))
        guard case .done(let data) = signed, case .signature(let signature)? = data.first else {
            Issue.record("no signature: \(signed)")
            return
        }
        #expect(publicKey.isValidSignature(signature, over: message))

        let label = Array("label".utf8)
        let sealed = try publicKey.encrypt(message.borrowedBytes, label: label)
        let unwrapped = try await plugin.run(
            .unwrap(reference: made.reference, ciphertext: sealed, label: label)
        )
        guard case .done(let data) = unwrapped, case .secret(let secret)? = data.first else {
            Issue.record("no secret: \(unwrapped)")
            return
        }
        #expect(secret.publicBytes == message)
        let wrong = try await plugin.run(
            .unwrap(reference: made.reference, ciphertext: sealed, label: [])
        )
        #expect(code(wrong) == .invalid)

        guard case .done(let listed) = try await plugin.run(.list(place: "token=alice")) else {
            Issue.record("no list")
            return
        }
        #expect(listed.count == 1)
        #expect(try await plugin.probe())
        guard case .done = try await plugin.run(.delete(reference: made.reference)) else {
            Issue.record("not deleted")
            return
        }
        #expect(code(try await plugin.run(.open(reference: made.reference))) == .notFound)
        #expect(plugin.questions.count == 1)
        #expect(await plugin.end() == 0)
    }

    @Test func `a token that cannot make PSS signatures is refused`()
        async throws
    {
        let tokens = try await TokenFolder(
            tokens: ["alice"],
            settings: TokenPluginTests.mechanisms
        )
        let plugin = try await start(tokens)
        let outcome = try await plugin.run(generate(), secrets: [TokenFolder.pin])
        guard case .refused(let refusal) = outcome else {
            Issue.record("made a key")
            return
        }
        #expect(refusal.code == .unsupported)
        #expect(refusal.text.contains("neither CKM_SHA384_RSA_PKCS_PSS nor CKM_RSA_PKCS_PSS"))
        #expect(plugin.questions.isEmpty)
    }

    @Test(arguments: ["", "?module-path=\(TokenFolder.module)"])
    func `reaches a token through p11-kit and through a module that the URI names`(
        query: String
    ) async throws {
        let tokens = try await TokenFolder(tokens: ["alice"])
        let plugin = try await DrivenPlugin(
            folder: tokens.path,
            environment: tokens.environment.filter { $0.key == "SOFTHSM2_CONF" }
        )
        let made = try key(
            await plugin.run(generate("token=alice\(query)"), secrets: [TokenFolder.pin])
        )
        let reference = String(decoding: made.reference, as: UTF8.self)
        #expect(reference.hasSuffix("type=private\(query)"))
        let opened = try key(await plugin.run(.open(reference: made.reference)))
        #expect(opened == made)
        let elsewhere = try await plugin.run(.list(place: "?module-path=/nowhere.so"))
        #expect(code(elsewhere) == .unavailable)
    }

    /// SoftHSM's setting for everything but PSS.
    ///
    /// Its lists of what is left out drop their first name.
    private static let mechanisms =
        "slots.mechanisms = CKM_RSA_PKCS_KEY_PAIR_GEN,CKM_RSA_PKCS,CKM_RSA_X_509,CKM_RSA_PKCS_OAEP"

    @Test(arguments: ["CKM_SHA384_RSA_PKCS_PSS", "CKM_RSA_PKCS_PSS"])
    func `one of the two PSS mechanisms is enough`(present: String) async throws {
        let tokens = try await TokenFolder(
            tokens: ["alice"],
            settings: TokenPluginTests.mechanisms + ",\(present)"
        )
        let plugin = try await start(tokens)
        let made = try key(await plugin.run(generate(), secrets: [TokenFolder.pin]))
        let signed = try await plugin.run(.sign(reference: made.reference, .statement(message)))
        guard case .done(let data) = signed, case .signature(let signature)? = data.first else {
            Issue.record("no signature: \(signed)")
            return
        }
        #expect(
            try RSAPublicKey(spkiDER: made.publicKey).isValidSignature(signature, over: message)
        )
        let offersPSS = made.operations.contains(.signDigest(.pss(.sha256)))
        #expect(offersPSS == (present == "CKM_RSA_PKCS_PSS"))
    }

    @Test func `what was taken away is named`() async throws {
        let tokens = try await TokenFolder(tokens: ["alice"])
        let plugin = try await start(tokens)
        let made = try key(await plugin.run(generate(), secrets: [TokenFolder.pin]))
        _ = await plugin.end()
        try tokens.unplug()
        let outcome = try await start(tokens).run(.open(reference: made.reference))
        guard case .refused(let refusal) = outcome else {
            Issue.record("the token is there")
            return
        }
        #expect(refusal.code == .unavailable)
        #expect(refusal.text.contains("token=alice"))
    }

    @Test func `passes on what the user answers`() async throws {
        let tokens = try await TokenFolder(tokens: ["alice", "bob"])
        let plugin = try await start(tokens)
        #expect(code(try await plugin.run(generate(nil))) == .invalid)
        #expect(code(try await plugin.run(generate())) == .cancelled)
        #expect(code(try await plugin.run(generate(), secrets: ["0000"])) == .wrongSecret)
        #expect(code(try await plugin.run(generate("token=alice?pin-value=1"))) == .invalid)
        #expect(code(try await plugin.run(.open(reference: [0xff]))) == .invalid)
        _ = try key(await plugin.run(generate("token=bob"), secrets: [TokenFolder.pin]))
    }

    @Test func `a program that is started by hand says what it is`() async throws {
        let tokens = try await TokenFolder(tokens: [])
        let result = try await Command.run("keyctl-plugin-pkcs11", [], folder: tokens.path)
        #expect(result.status == 64)
        #expect(result.errors.contains("plugin of keyctl"))
    }
}
