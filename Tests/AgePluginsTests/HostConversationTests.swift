import AgeFiles
import CryptoCore
import Failures
import Testing

@testable import AgePlugins

/// The host's state machines, without a process.
struct HostConversationTests {
    private static let fileKey = [UInt8](repeating: 5, count: AgeHeader.fileKeyByteCount)

    private func name() throws -> AgePluginName { try AgePluginName("test") }

    private func identity(_ data: [UInt8] = []) throws -> AgePlugin.Identity {
        try AgePlugin.Identity(name(), data: data)
    }

    private func recipients() throws -> RecipientConversation {
        let recipient = try identity().makeRecipient() as? AgePlugin.Recipient
        return try RecipientConversation(
            name(),
            wrapping: HostConversationTests.fileKey.borrowedBytes,
            for: [#require(recipient)]
        )
    }

    private func identities() throws -> IdentityConversation {
        try IdentityConversation(
            name(),
            unwrapping: [AgeStanza(type: "x", arguments: ["y"], body: [1])],
            with: [identity(), identity([1])]
        )
    }

    /// What an action is, in one word.
    private func word(_ action: consuming PluginHostAction) -> String {
        switch consume action {
        case .finish: "finish"
        case .ask(let question): "\(question)"
        case .answer(let answer):
            switch consume answer {
            case .done: "ok"
            case .unsupported: "unsupported"
            case .failed: "fail"
            case .choice: "choice"
            case .text: "text"
            }
        }
    }

    private func message(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? AgePluginError)?.message }
        return nil
    }

    @Test func `sends recipients, the file key and that labels are understood`() throws {
        let text = try recipients().opening(PluginGrease([UInt8](repeating: 0, count: 116)))
        let expected = """
            -> add-identity AGE-PLUGIN-TEST-1\(try checksum())

            -> wrap-file-key
            BQUFBQUFBQUFBQUFBQUFBQ
            -> extension-labels

            -> done


            """
        let sent = text.publicBytes
        #expect(sent == Array(expected.utf8))
    }

    private func checksum() throws -> String {
        let bytes = try identity().withText { SecretBytes(copying: $0).publicBytes }
        return String(decoding: bytes.suffix(6), as: UTF8.self)
    }

    @Test func `sends identities and the stanzas of one file`() throws {
        let text = try identities().opening(PluginGrease([UInt8](repeating: 0, count: 116)))
        let lines = String(decoding: text.publicBytes, as: UTF8.self)
        #expect(lines.hasSuffix("-> recipient-stanza 0 x y\nAQ\n-> done\n\n"))
        #expect(lines.split(separator: "\n").filter { $0.hasPrefix("-> add-identity ") }.count == 2)
    }

    @Test func `takes several stanzas and labels`() throws {
        var talk = try recipients()
        for frame in ["a", "b"] {
            let action = try talk.receive(
                PluginFrame("recipient-stanza", ["0", frame, "1"], text: "body")
            )
            let said = word(action)
            #expect(said == "ok")
        }
        let labels = word(try talk.receive(PluginFrame("labels", ["postquantum"])))
        let done = word(try talk.receive(PluginFrame("done")))
        #expect([labels, done] == ["ok", "finish"])
        let wrapping = try talk.finish()
        #expect(wrapping.stanzas.map(\.type) == ["a", "b"])
        #expect(wrapping.stanzas[0].arguments == ["1"])
        #expect(wrapping.labels == ["postquantum"])
    }

    @Test func `refuses what recipient-v1 does not allow`() throws {
        let bad: [(String, [String])] = [
            ("recipient-stanza", ["1", "a"]), ("recipient-stanza", ["-1", "a"]),
            ("recipient-stanza", ["00", "a"]), ("recipient-stanza", ["0"]),
            ("labels", ["a", "a"]), ("error", ["recipient", "0"]), ("error", ["identity", "1"]),
            ("error", ["identity"]), ("error", []), ("confirm", []), ("confirm", ["*"]),
            ("confirm", ["YQ", "YQ", "YQ"]),
        ]
        for (type, arguments) in bad {
            let failure = message {
                var talk = try recipients()
                _ = try talk.receive(PluginFrame(type, arguments))
            }
            #expect(failure != nil, "\(type) \(arguments)")
        }
        let twice = message {
            var talk = try recipients()
            for _ in 0..<2 { _ = try talk.receive(PluginFrame("labels", ["a"])) }
        }
        #expect(twice == "labels came twice")
        let nothing = message { _ = try recipients().finish() }
        #expect(nothing == AgePluginError.noStanza.message)
    }

    @Test func `takes one file key of the right length`() throws {
        var talk = try identities()
        let key = SecretBytes(copying: HostConversationTests.fileKey.borrowedBytes)
        let action = try talk.receive(PluginFrame("file-key", ["0"], body: key))
        let said = word(action)
        #expect(said == "ok")
        let again = message {
            let key = SecretBytes(copying: HostConversationTests.fileKey.borrowedBytes)
            _ = try talk.receive(PluginFrame("file-key", ["0"], body: key))
        }
        #expect(again == "file-key came twice")
        let found = talk.finish()?.publicBytes
        #expect(found == HostConversationTests.fileKey)
    }

    @Test func `refuses what identity-v1 does not allow`() throws {
        let key = String(repeating: "k", count: 16)
        let bad: [(String, [String], String)] = [
            ("file-key", ["1"], key), ("file-key", [], key), ("file-key", ["0", "0"], key),
            ("file-key", ["0"], "short"), ("file-key", ["0"], key + "k"),
            ("error", ["identity", "2"], ""), ("error", ["stanza", "0", "1"], ""),
            ("error", ["stanza", "1", "0"], ""), ("error", ["stanza", "0"], ""),
        ]
        for (type, arguments, text) in bad {
            let failure = message {
                var talk = try identities()
                _ = try talk.receive(PluginFrame(type, arguments, text: text))
            }
            #expect(failure != nil, "\(type) \(arguments)")
        }
    }

    @Test func `keeps an error that the plugin reports, without control characters`() throws {
        var talk = try identities()
        let text = "no \u{1b}[31mkey\u{7}\n\nplease"
        let action = try talk.receive(PluginFrame("error", ["identity", "1"], text: text))
        let said = word(action)
        #expect(said == "ok")
        let reported = talk.reported
        #expect(reported?.message == "the plugin test failed: no [31mkey / please")
        #expect(reported?.code == .failed)
    }

    @Test func `asks the user, and knows no other commands`() throws {
        var talk = try identities()
        let questions = [
            word(try talk.receive(PluginFrame("msg", text: "hi"))),
            word(try talk.receive(PluginFrame("request-secret", text: "PIN"))),
            word(try talk.receive(PluginFrame("request-public", text: "name"))),
            word(try talk.receive(PluginFrame("confirm", ["eWVz", "bm8"], text: "sure?"))),
            word(try talk.receive(PluginFrame("confirm", ["eWVz"], text: "sure?"))),
            word(try talk.receive(PluginFrame("grease-1", ["2"], text: "3"))),
            word(try talk.receive(PluginFrame("recipient-stanza", ["0", "x"]))),
        ]
        #expect(
            questions.map { String($0.prefix(7)) } == [
                "message", "secret(", "publicT", "confirm", "confirm", "unsuppo", "unsuppo",
            ]
        )
    }
}
