internal import Dispatch
internal import Synchronization

@testable import SecurechatCommands

/// Reads settings synchronously, because the fuzzer calls a plain function.
enum SettingsReader {
    private static let keys = [
        "server_ip", "server_port", "admin", "history", "retention_days", "retention_mib",
        "username", "server", "identity",
    ]

    /// Returns the value of each key that the programs ask for.
    static func read(_ bytes: [UInt8]) throws -> [UInt8] {
        try FuzzFolder.withFile(bytes, "config.json") { path in
            let ended = DispatchSemaphore(value: 0)
            let box = ResultBox()
            Task.detached {
                let content: Result<[UInt8], any Error>
                do { content = .success(try await read(path)) } catch { content = .failure(error) }
                box.set(content)
                ended.signal()
            }
            ended.wait()
            return try box.take()
        }
    }

    private static func read(_ path: String) async throws -> [UInt8] {
        let settings = try await Settings(path: path, isNamed: true)
        var text = ""
        for key in keys {
            let number = try? settings.integer(key)
            text += "\(key) \(settings.string(key) ?? "-") \(String(describing: number))"
            text += " \(settings.strings(key))\n"
        }
        return Array(text.utf8)
    }
}

/// Holds a result for the caller that waits for it.
private final class ResultBox: Sendable {
    private let result = Mutex<Result<[UInt8], any Error>?>(nil)

    func set(_ value: Result<[UInt8], any Error>) { result.withLock { $0 = value } }

    func take() throws -> [UInt8] {
        guard let value = result.withLock({ $0 }) else {
            throw FuzzFault(message: "the settings gave no answer")
        }
        return try value.get()
    }
}
