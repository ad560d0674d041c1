internal import Glibc

/// One of git's configuration files, read and changed by the program `git config`.
public struct GitConfiguration {
    /// Which file.
    public enum Scope: String, Sendable {
        /// That of the repository in which the command runs.
        case repository = "--local"
        /// That of the user.
        case user = "--global"
    }

    private let scope: Scope
    private static let largestOutputByteCount = 64 << 10
    private static let missingStatus: Int32 = 1

    /// Names the file; throws `GitError` if git is missing, or if there is no repository here.
    public init(_ scope: Scope) throws(GitError) {
        self.scope = scope
        guard try GitConfiguration.git(["--version"]).status == 0 else { throw GitError.noGit }
        guard scope == .repository else { return }
        guard try GitConfiguration.git(["rev-parse", "--git-dir"]).status == 0 else {
            throw GitError.noRepository
        }
    }

    /// The values of the variables of `GitSetup.names` that are set.
    public func values() throws(GitError) -> [String: String] {
        var values: [String: String] = [:]
        for name in GitSetup.names { values[name] = try all(name).last }
        return values
    }

    /// The notes of earlier setups.
    public func notes() throws(GitError) -> GitNotes { GitNotes(try all(GitNotes.name).last ?? "") }

    /// The value of a variable that git uses here, from whichever of its files; `nil` if it has none.
    public static func effectiveValue(_ name: String) throws(GitError) -> String? {
        try values(["config", "--null", "--get-all", name], of: name).last
    }

    /// Makes the changes of a plan.
    ///
    /// The notes of a setup are written before its changes, and those of an undoing after them: so
    /// undoing finds everything that was changed, also after a crash.
    public func apply(_ plan: GitPlan) throws(GitError) {
        if plan.isSetup { try write(plan.notes) }
        for change in plan.changes {
            switch change {
            case .set(let setting): try edit(["--replace-all", setting.name, setting.value])
            case .unset(let name): try edit(["--unset-all", name])
            }
        }
        if !plan.isSetup { try write(plan.notes) }
    }

    private func write(_ notes: GitNotes) throws(GitError) {
        guard try self.notes() != notes else { return }
        guard let value = notes.value else { return try edit(["--unset-all", GitNotes.name]) }
        try edit(["--replace-all", GitNotes.name, value])
    }

    private func all(_ name: String) throws(GitError) -> [String] {
        try GitConfiguration.values(
            ["config", scope.rawValue, "--null", "--get-all", name],
            of: name
        )
    }

    private static func values(
        _ arguments: [String],
        of name: String
    ) throws(GitError) -> [String] {
        let result = try git(arguments)
        switch result.status {
        case 0:
            // Each value ends with a NUL, and may be empty.
            return result.output.split(separator: "\0", omittingEmptySubsequences: false)
                .dropLast().map(String.init)
        case missingStatus: return []
        default: throw GitError.failed("git config --get-all \(name)")
        }
    }

    private func edit(_ arguments: [String]) throws(GitError) {
        guard try GitConfiguration.git(["config", scope.rawValue] + arguments).status == 0 else {
            throw GitError.failed("git config \(arguments.joined(separator: " "))")
        }
    }

    /// Runs git through the shell; its standard error is ours.
    private static func git(
        _ arguments: [String]
    ) throws(GitError) -> (status: Int32, output: String) {
        let command = (["git"] + arguments).map(quoted).joined(separator: " ")
        guard let stream = unsafe popen("exec \(command)", "re") else {
            throw GitError.failed("git")
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            // SAFETY: fread writes at most `count` bytes into the buffer.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe fread(bytes.baseAddress, 1, bytes.count, stream)
            }
            guard count > 0, output.count < largestOutputByteCount else { break }
            output += buffer[..<count]
        }
        let status = unsafe pclose(stream)
        // The status of wait(2): the upper byte is the exit status of a program that ended.
        let exitStatus = status & 0x7f == 0 ? status >> 8 & 0xff : -1
        return (exitStatus, String(decoding: output, as: UTF8.self))
    }

    /// An argument for the shell, in which nothing has a meaning (POSIX.1 XCU § 2.2.2).
    private static func quoted(_ argument: String) -> String {
        var quoted = "'"
        for character in argument { quoted += character == "'" ? "'\\''" : String(character) }
        return quoted + "'"
    }
}
