internal import ArgumentParser
internal import CommandSupport
internal import PluginHost

/// `keyctl plugin test`.
struct PluginTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run a plugin against the protocol.",
        discussion: """
            Starts the file, which need not be trusted, and checks everything that it offers, and \
            what a host may do: unknown requests and arguments, the answer "cancel", a closed input. \
            What fails is printed with the conversation. Exit status: 0 all passed, 1 not.

            Examples:
              keyctl plugin test ./keyctl-plugin-hello
              keyctl plugin test ./keyctl-plugin-token --make-keys
            """
    )

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Let a key provider make a key for the test, and remove it.")
    var makeKeys = false
    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "A variable that the plugin gets (several times).",
            valueName: "variable"
        )
    )
    var variables: [String] = []
    @Flag(help: "Print the conversation of each check.")
    var transcript = false
    @Argument(help: ArgumentHelp("The file keyctl-plugin-NAME.", valueName: "path"))
    var path: String

    private struct Document: CommandResult {
        struct Item: Encodable {
            let check: String
            let passed: Bool
            let failure: String?
            let transcript: [String]
        }
        let version = 1
        let passed: Bool
        let checks: [Item]
        private let printsAll: Bool

        enum CodingKeys: CodingKey { case version, passed, checks }

        init(_ checks: [PluginTest.Check], printsAll: Bool) {
            self.checks = checks.map { check in
                Item(
                    check: check.name,
                    passed: check.failure == nil,
                    failure: check.failure,
                    transcript: check.transcript
                )
            }
            passed = !checks.isEmpty && checks.allSatisfy { $0.failure == nil }
            self.printsAll = printsAll
        }

        func printText() {
            for item in checks {
                Report.result("\(item.passed ? "ok    " : "FAILED") \(item.check)")
                if let failure = item.failure { Report.result("       \(failure)") }
                guard printsAll || !item.passed else { continue }
                for line in item.transcript { Report.result("       \(line)") }
            }
            let count = checks.count { $0.passed }
            Report.result("\(count) of \(checks.count) checks passed")
        }
    }

    func run() throws {
        let options = try global.plugins.runOptions
        let test = try PluginTest(
            path,
            variables: variables,
            home: global.keyctlHome,
            options: options
        )
        let document = Document(test.run(makesKeys: makeKeys), printsAll: transcript)
        try global.print(document)
        guard document.passed else { throw ExitCode(ExitStatus.failed) }
    }
}
