internal import CryptoCore
internal import PluginProcess
internal import PluginWire
internal import Stanzas
internal import Synchronization

/// A plugin that is started when it is needed first, and is asked by one thread after the other.
///
/// `Plugins` makes one for each plugin of a command.
final class PluginSession: Sendable {
    let name: PluginName
    private let options: PluginRunOptions
    private let program: @Sendable () throws -> PluginProgram
    private let connection = Mutex<PluginConnection?>(nil)

    /// `program` is called before each start: it checks the file.
    init(
        _ name: PluginName,
        _ options: PluginRunOptions,
        program: @escaping @Sendable () throws -> PluginProgram
    ) {
        self.name = name
        self.options = options
        self.program = program
    }

    /// What the plugin says of itself; throws `PluginHostError`.
    func greeting() throws -> PluginGreeting { try use { $0.greeting } }

    /// Does a request; throws `PluginHostError`, and `PluginRefusal` where the plugin said no.
    func request(
        _ request: PluginRequest,
        sign: (@Sendable (SignatureScheme, [UInt8]) throws -> [UInt8])? = nil
    ) throws -> [PluginData] {
        try use { try $0.perform(request, sign: sign) }
    }

    /// The same; every refusal is an error for people.
    func perform(
        _ request: PluginRequest,
        sign: (@Sendable (SignatureScheme, [UInt8]) throws -> [UInt8])? = nil
    ) throws -> [PluginData] {
        do { return try self.request(request, sign: sign) } catch let refusal as PluginRefusal {
            throw PluginHostError.refused(name, refusal)
        }
    }

    /// Ends the plugin, if it runs.
    func end() {
        connection.withLock { connection in
            connection?.end()
            connection = nil
        }
    }

    private func use<Result: Sendable>(
        _ body: (PluginConnection) throws -> Result
    ) throws -> Result {
        try connection.withLock { connection in
            let running: PluginConnection
            if let connection {
                running = connection
            } else {
                running = try PluginConnection(program(), name: name, options: options)
                if let grease = PluginGrease.some() { try running.probe(grease) }
                connection = running
            }
            do { return try body(running) } catch let refusal as PluginRefusal {
                throw refusal
            } catch {
                // The process is gone; the next request starts another one.
                running.end()
                connection = nil
                throw error
            }
        }
    }
}
