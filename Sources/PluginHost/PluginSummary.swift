internal import DurableFiles
internal import KeyFormats
public import PluginWire

/// A plugin or command that is not built in, as lists show it.
public struct PluginSummary: Sendable {
    /// Why it may run, or may not.
    public enum Standing: String, Sendable {
        /// The user trusts its copy.
        case trusted
        /// It came with keyctl.
        case shipped
        /// It is installed, and does not run before it is trusted.
        case untrusted
    }

    /// What its file is called.
    public let name: ProgramName
    /// Why it may run, or may not.
    public let standing: Standing
    /// Where the file is.
    public let path: String
    /// What is recorded of it, if it is trusted.
    public let record: TrustedProgram?
    /// What it adds, as recorded; empty for a plugin that nobody asked yet.
    public var offers: [Offer] { record?.offers ?? [] }
}

extension Plugins {
    /// Everything that is trusted or installed. Nothing is started.
    ///
    /// Throws `PluginHostError` if the records of trust are damaged.
    public func summaries() throws -> [PluginSummary] {
        var all: [PluginSummary] = []
        for program in try book().programs {
            let path = store.copyPath(program.name)
            all.append(
                PluginSummary(
                    name: program.name,
                    standing: .trusted,
                    path: path,
                    record: program
                )
            )
        }
        for found in installed.all() where !all.contains(where: { $0.name == found.name }) {
            all.append(
                PluginSummary(
                    name: found.name,
                    standing: found.isShipped ? .shipped : .untrusted,
                    path: found.path,
                    record: nil
                )
            )
        }
        return all
    }

    /// What the file of a trusted plugin or command of this name is called; the plugin, if both are.
    ///
    /// Throws `PluginHostError` if neither is trusted.
    public func trustedProgram(_ name: PluginName) throws -> ProgramName {
        for program in [ProgramName.plugin(name), .command(name)]
        where try book().program(program) != nil { return program }
        throw PluginHostError.notTrusted(name)
    }

    /// The interpreter that a script's first line names; `nil` for another file.
    public func interpreter(of program: TrustedProgram) throws -> String? {
        let path = try store.checkedCopy(program)
        let start = try DurableFile.read(path, limit: ProgramFile.largestByteCount).prefix(256)
        guard start.starts(with: Array("#!".utf8)) else { return nil }
        let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        return Printable.text(String(decoding: line, as: UTF8.self), limit: 100)
    }

    /// What one plugin says of itself now: it is started, if it may run.
    ///
    /// Throws `PluginHostError` if it may not.
    public func greeting(of name: PluginName) throws -> PluginGreeting {
        if let program = try book().program(.plugin(name)) {
            return try session(for: program).greeting()
        }
        guard installed.shipped(.plugin(name)) != nil else {
            throw PluginHostError.notTrusted(name)
        }
        return try session(shipped: name).greeting()
    }

    /// What is wrong with the copies of trusted programs, for `doctor`.
    public func problems() -> [PluginHostError] {
        guard store.isThere else { return [] }
        do {
            return try book().programs.compactMap { program in
                do {
                    _ = try store.checkedCopy(program)
                    return nil
                } catch let error as PluginHostError { return error }
            }
        } catch let error as PluginHostError { return [error] } catch { return [] }
    }
}
