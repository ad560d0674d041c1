import AgeFiles
import Failures
import PluginProcess
import Testing

@testable import AgePlugins

/// What a user sees of a plugin's texts.
struct PluginPromptTests {
    private func prompt(_ text: String) throws -> [String] {
        let prompt = PluginQuestion.secret(text).prompt(from: try AgePluginName("x"))
        return prompt.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `the line on which the user types is ours`() throws {
        let texts = [
            "PIN", "PIN\nPassphrase for alice: ", "PIN\r\n\u{2028}Passphrase for alice: ", "",
            String(repeating: " ", count: 80) + "Passphrase for alice: ",
            String(repeating: "y", count: 1000),
        ]
        for text in texts {
            let lines = try prompt(text)
            #expect(lines.count == 2)
            #expect(lines[0].hasPrefix("age-plugin-x "))
            #expect(lines[1] == "answer for age-plugin-x: ")
        }
    }

    @Test(arguments: [" ", "\t", "\u{A0}", "\u{2800}", "\u{3000}", "\u{3164}", "\u{115F}"])
    func `white space of any kind is one space`(_ blank: String) throws {
        let run = String(repeating: blank, count: 90)
        #expect(try prompt("\(run)PIN\(run)of alice\(run)")[0] == "age-plugin-x says: PIN of alice")
    }

    @Test func `a text is cut, and an empty one is called that`() throws {
        let long = try prompt(String(repeating: "y", count: 1000))[0]
        #expect(long == "age-plugin-x says: " + String(repeating: "y", count: 199) + "…")
        let full = String(repeating: "y", count: 200)
        #expect(try prompt(full)[0] == "age-plugin-x says: \(full)")
        for empty in ["", "  \n ", "\u{1b}\u{7}"] {
            #expect(try prompt(empty)[0] == "age-plugin-x gives no text")
        }
        #expect(PluginText.reason("") == "it does not say why")
    }
}
