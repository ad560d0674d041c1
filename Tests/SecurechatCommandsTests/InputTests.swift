import ChatClient
import ChatProtocol
import Testing

@testable import SecurechatCommands

/// What lines of input ask for.
struct InputTests {
    @Test func `lines ask for what they say`() throws {
        #expect(try ClientInput.parse(line: "hello") == .say("hello"))
        #expect(try ClientInput.parse(line: "//who") == .say("/who"))
        #expect(try ClientInput.parse(line: "") == .proceed)
        #expect(try ClientInput.parse(line: "/history 20") == .history(20))
        #expect(try ClientInput.parse(line: "/history") == .history(nil))
        #expect(try JSONRequest(line: "{\"send\":\"/who\"}").input == .say("/who"))
        #expect(try JSONRequest(line: "{\"command\":\"/who\"}").input == .who)
        for line in ["/frob", "/history x", "/history 0", "/who are you", "/ "] {
            #expect(throws: ChatError.self) { _ = try ClientInput.parse(line: line) }
        }
        for line in [
            "{", "{}", "[]", "\"text\"", "text", "/who", "}", "\"send\": \"x\"", "null", "1",
            "{\"command\":\"hello\"}", "{\"command\":\"//x\"}", "{\"send\":1}",
            "{\"send\":\"x\",\"command\":\"/who\"}", "{\"send\":\"x\",\"to\":\"bob\"}",
            "{\"send\":\"x\",\"ref\":1}",
        ] {
            #expect(throws: RefusedRequest.self, "\(line)") { _ = try JSONRequest(line: line) }
        }
        #expect(
            try JSONRequest(line: "{\"send\":\"x\",\"ref\":\"7\"}").input
                == .say("x", reference: "7")
        )
        #expect(throws: RefusedRequest.self) {
            _ = try JSONRequest(
                line: "{\"send\":\"x\",\"ref\":\"\(String(repeating: "r", count: 257))\"}"
            )
        }
    }
}
