import ChatProtocol
import Configuration
import SystemPackage

/// What a JSON file and the environment say: `SECURECHAT_…` over the file.
struct Settings {
    private let reader: ConfigReader

    /// Reads `path`; throws `ChatError` where it is named but missing, or where it is no JSON.
    init(path: String, isNamed: Bool) async throws {
        do {
            let file = try await FileProvider<JSONSnapshot>(
                filePath: FilePath(path),
                allowMissing: !isNamed
            )
            reader = ConfigReader(
                providers: [EnvironmentVariablesProvider().prefixKeys(with: "securechat"), file]
            )
        } catch {
            throw ChatError.unreadableConfiguration(path)
        }
    }

    func string(_ key: String) -> String? {
        let text = reader.string(forKey: ConfigKey([key]))
        return text?.isEmpty == true ? nil : text
    }

    /// A number, written as one or as text, as older configurations have it.
    func integer(_ key: String) throws -> Int? {
        if let number = reader.int(forKey: ConfigKey([key])) { return number }
        guard let text = string(key) else { return nil }
        guard let number = Int(text) else { throw ChatError.notANumber(key, text) }
        return number
    }

    func strings(_ key: String) -> [String] {
        if let list = reader.stringArray(forKey: ConfigKey([key])) { return list }
        return string(key).map { [$0] } ?? []
    }
}

extension ChatError {
    static func unreadableConfiguration(_ path: String) -> ChatError {
        ChatError(
            .configuration,
            "the settings \(path) cannot be read: there is no such file, or it is not a JSON "
                + "object",
            hint: "write it as {\"server_ip\": \"127.0.0.1\", \"server_port\": 5000}"
        )
    }

    static func notANumber(_ key: String, _ text: String) -> ChatError {
        ChatError(.configuration, "\(key) is not a number: \(text.prefix(40))")
    }

    static func badSetting(_ key: String, _ text: String, _ why: String) -> ChatError {
        ChatError(.configuration, "\(key) cannot be \(text.prefix(40)): \(why)")
    }
}
