internal import AgentClient
internal import ArgumentParser
internal import CommandSupport

/// The shell whose commands `start` and `stop` print.
struct ShellOptions: ParsableArguments {
    @Flag(name: [.customShort("c"), .customLong("csh")], help: "Print commands for csh.")
    var isCSH = false
    @Flag(name: [.customShort("s"), .customLong("sh")], help: "Print commands for sh and bash.")
    var isSH = false

    func validate() throws {
        guard !isCSH || !isSH else { throw ValidationError("-c and -s cannot be used together") }
    }

    private enum Shell {
        case sh
        case csh
        case fish
    }

    private var shell: Shell {
        if isSH { return .sh }
        if isCSH { return .csh }
        let name = AgentAddress.environment("SHELL") ?? ""
        if name.hasSuffix("fish") { return .fish }
        return name.hasSuffix("csh") ? .csh : .sh
    }

    /// Prints commands that set the variables.
    func printVariables(ssh: String, own: String) {
        for (name, value) in [(AgentAddress.sshVariable, ssh), (AgentAddress.variable, own)] {
            let parts = value.split(separator: "'", omittingEmptySubsequences: false)
            let quoted = "'\(parts.joined(separator: "'\\''"))'"
            switch shell {
            case .sh: Report.result("\(name)=\(quoted); export \(name);")
            case .csh: Report.result("setenv \(name) \(quoted);")
            case .fish: Report.result("set -gx \(name) \(quoted);")
            }
        }
    }

    /// Prints commands that remove the variables.
    func printRemoval() {
        for name in [AgentAddress.sshVariable, AgentAddress.variable] {
            switch shell {
            case .sh: Report.result("unset \(name);")
            case .csh: Report.result("unsetenv \(name);")
            case .fish: Report.result("set -e \(name);")
            }
        }
    }
}
