import AgeFiles
import Failures
import Testing

@testable import AgePlugins

/// What a plugin makes of the host's messages.
struct IdentityRequestTests {
    private func request(_ frames: [(String, [String])]) throws -> IdentityRequest {
        var request = IdentityRequest()
        for (type, arguments) in frames { _ = try request.receive(PluginFrame(type, arguments)) }
        return request
    }

    @Test func `collects identities and the stanzas of files, and skips what it does not know`()
        throws
    {
        let request = try request([
            ("add-identity", ["nonsense"]), ("grease-1", ["x"]), ("recipient-stanza", ["0", "a"]),
            ("recipient-stanza", ["0", "b", "c"]), ("recipient-stanza", ["3", "a"]),
        ])
        #expect(request.identities.count == 1)
        #expect(request.identities.compactMap(\.self).isEmpty)
        #expect(request.files.map(\.index) == [0, 3])
        #expect(request.files[0].stanzas.map(\.type) == ["a", "b"])
        #expect(request.files[0].stanzas[1].arguments == ["c"])
    }

    @Test func `ends with done`() throws {
        var request = IdentityRequest()
        #expect(try request.receive(PluginFrame("grease-2")))
        #expect(try !request.receive(PluginFrame("done")))
    }

    @Test func `takes as many stanzas as a file may have, and no more`() throws {
        let stanza = ("recipient-stanza", ["0", "a"])
        let full = [(String, [String])](repeating: stanza, count: AgeHeader.largestStanzaCount)
        #expect(try request(full).files[0].stanzas.count == AgeHeader.largestStanzaCount)
        #expect(throws: AgePluginError.self) { _ = try request(full + [stanza]) }
    }

    @Test func `refuses numbers of files that go back, and other damage`() {
        let bad: [[(String, [String])]] = [
            [("recipient-stanza", ["1", "a"]), ("recipient-stanza", ["0", "a"])],
            [("recipient-stanza", ["x", "a"])], [("recipient-stanza", ["0"])],
            [("add-identity", [])], [("add-identity", ["a", "b"])],
        ]
        for frames in bad {
            #expect(throws: AgePluginError.self) { _ = try request(frames) }
        }
    }
}
