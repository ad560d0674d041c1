import CryptoCore
import KeyFormats
import PluginWire
import Testing

@testable import PluginHost

/// The file of trusted programs.
struct TrustBookTests {
    private static let digest = String(repeating: "0f", count: 32)
    private static let text = """
        keyctl-plugins v1
        program keyctl-plugin-hello \(digest) 2026-11-21T12:00:00Z alice A,B 0.1 L2E=
        offer dA== export-v1 hello
        offer dA== format-v1 hello-text txt read-public text
        offer dA== signature-v1 hello-sig sha512 namespace
        program keyctl-tool \(digest) 2026-11-21T12:00:00Z - - - L2E=
        bind alice hello

        """

    private static func read(_ text: String) throws -> TrustBook {
        try TrustBook(Array(text.utf8), path: "trusted")
    }

    @Test func `is read as it was written`() throws {
        let book = try TrustBookTests.read(TrustBookTests.text)
        #expect(String(decoding: book.encoded, as: UTF8.self) == TrustBookTests.text)
        #expect(book.programs.map(\.name.description) == ["keyctl-plugin-hello", "keyctl-tool"])
        #expect(book.programs[0].variables == ["A", "B"])
        #expect(
            book.programs[0].offers.map(\.id.description) == ["hello", "hello-text", "hello-sig"]
        )
        #expect(book.bindings.map { "\($0.key) \($0.value)" } == ["alice hello"])
        #expect(book.offer("hello-text") { $0 == .export } == nil)
        #expect(book.offer("hello") { $0 == .export } != nil)
    }

    @Test(arguments: [
        ("v1", "v2"), ("program keyctl-tool", "program keyctl-plugin-hello"),
        ("keyctl-tool", "tool"), ("0f0f", "0F0F"), ("A,B", "A,,B"), ("bind alice", "bind Alice"),
        ("offer dA== export-v1", "offer dA export-v1"), ("export-v1", "dance-v1"),
        ("L2E=", "L2E"), ("sha512", "md5"), ("\nbind", "\nbound"), ("txt read", "txt  read"),
        ("A,B", "LD_PRELOAD"), ("export-v1 hello", "export-v1 other"),
        (
            "program keyctl-tool",
            "program keyctl-plugin-hello-text \(TrustBookTests.digest) "
                + "2026-11-21T12:00:00Z - - 0.1 L2E=\noffer dA== export-v1 hello-text\n"
                + "program keyctl-tool"
        ),
    ])
    func `has one spelling`(old: String, new: String) {
        let changed = TrustBookTests.text.replacing(old, with: new)
        #expect(changed != TrustBookTests.text)
        #expect(throws: (any Error).self) { try TrustBookTests.read(changed) }
    }

    @Test func `a removed plugin takes its bindings with it`() throws {
        var book = try TrustBookTests.read(TrustBookTests.text)
        let name = try #require(ProgramName(fileName: "keyctl-plugin-hello"))
        book.remove(name)
        #expect(book.program(name) == nil)
        #expect(book.bindings.isEmpty)
    }

    @Test(arguments: [
        "keyctl-plugin-", "keyctl-plugin--a", "keyctl-plugin-a-", "keyctl-plugin-A", "keyctl-",
        "keyctl", "keyctl-plugin", "keyctl-plugin-a.b", "keyctl-plugin-a b", "age-plugin-a",
        "keyctl-plugin-" + String(repeating: "a", count: 33), "keyctl-plugin-é", "keyctl-../a",
    ])
    func `refuses names that are none`(name: String) {
        #expect(ProgramName(fileName: name) == nil)
    }

    @Test func `an id belongs to the plugins whose name begins it`() {
        #expect(Plugins.names(beginning: "a-b-c").map(\.description) == ["a", "a-b", "a-b-c"])
        #expect(Plugins.names(beginning: "a--b").map(\.description) == ["a", "a--b"])
        #expect(Plugins.names(beginning: "A").isEmpty)
        #expect(Plugins.names(beginning: "-a").isEmpty)
    }

    @Test func `what a plugin wrote is shown without secrets and control characters`() {
        var text = PluginErrorText()
        text.learn(StanzaBodyMaker.body("hunter2"))
        let said = text.text(Array("\u{1B}[2Jthe PIN is hunter2, hunter2\nbye".utf8))
        #expect(said == "\u{FFFD}[2Jthe PIN is *******, ******* | bye")
        #expect(text.text([]) == nil)
    }

    @Test(arguments: ["PATH", "LANG", "LD_PRELOAD", "KEYCTL_HOME", "A-B", "", "A=B"])
    func `gives no plugin a variable that changes how programs run`(name: String) {
        #expect(!PluginLauncher.allows(name))
        #expect(PluginLauncher.allows("PKCS11_MODULE"))
    }

    @Test func `structures of other formats are recognised`() {
        let long: [UInt8] = [0x30, 0x82, 0x01, 0x00] + [UInt8](repeating: 0, count: 256)
        for bytes in [Array("SSHSIG1".utf8), [0x30, 1, 0], [0x30, 0], long] {
            #expect(PluginSignatureFormat.isStructure(bytes))
        }
        for bytes in [[], [0x30], [0x30, 2, 0], [0x30, 0x82, 1], Array("hello".utf8), long + [0]] {
            #expect(!PluginSignatureFormat.isStructure(bytes))
        }
    }
}
