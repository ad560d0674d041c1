import ChatProtocol
import CommandSupport
import Configuration
import DurableFiles
import Failures
import Foundation

/// The settings of a JSON file and of the environment; a variable `SECURECHAT_…` has priority over
/// the file.
struct Settings {
    /// The program to which the settings belong.
    enum Owner {
        case server
        case client

        /// The names of the settings, each with the kind of its value.
        var kinds: [String: SettingValue.Kind] {
            switch self {
            case .server:
                [
                    "server_ip": .text, "server_port": .number, "identity": .text,
                    "admin": .texts, "history": .number, "retention_days": .number,
                    "retention_mib": .number, "login_seconds": .number,
                    "unauthenticated": .number, "handshakes_per_second": .number,
                    "silence_seconds": .number,
                ]
            case .client:
                [
                    "server_ip": .text, "server_port": .number, "server": .text,
                    "username": .text,
                ]
            }
        }
    }

    private static let largestByteCount = 1 << 20

    private let environment: ConfigReader
    private let file: [String: SettingValue]
    /// A sentence for each unknown setting in the file.
    let warnings: [String]
    /// The list of known settings, if there are warnings.
    let hint: String?
    /// The error for the first setting with a wrong type.
    private let fault: ChatError?

    /// Reads the settings.
    ///
    /// Throws `ChatError` if a named file is missing, cannot be read, or is not a JSON object.
    /// Unknown settings go to `warnings`, and a value of a wrong type to `fault`.
    init(path: String, isNamed: Bool, owner: Owner = .client) async throws {
        environment = ConfigReader(
            provider: EnvironmentVariablesProvider().prefixKeys(with: "securechat")
        )
        let bytes: [UInt8]
        do {
            bytes = try DurableFile.read(path, limit: Settings.largestByteCount)
        } catch  where error.code == .notFound && !isNamed {
            file = [:]
            warnings = []
            hint = nil
            fault = nil
            return
        } catch {
            throw ChatError.unreadableConfiguration(path, error.message)
        }
        do {
            file = try JSONDecoder().decode([String: SettingValue].self, from: Data(bytes))
        } catch {
            throw ChatError.unreadableConfiguration(path, "it is not a JSON object")
        }
        let kinds = owner.kinds
        let keys = file.keys.sorted()
        let unknown = keys.filter { kinds[$0] == nil }
        warnings = unknown.map { "\(path): there is no setting \"\($0.prefix(40))\"" }
        hint =
            unknown.isEmpty
            ? nil : "the settings are: " + kinds.keys.sorted().joined(separator: ", ")
        var fault: ChatError?
        for key in keys where fault == nil {
            guard let kind = kinds[key], let value = file[key], !value.fits(kind) else { continue }
            fault = ChatError.wrongType(path, key, kind, value)
        }
        self.fault = fault
    }

    /// Prints the warnings to standard error.
    func printWarnings() {
        for warning in warnings { Report.warning(warning) }
        if let hint { Report.hint(hint) }
    }

    /// Throws `ChatError` if a setting has a wrong type.
    func requireRightTypes() throws {
        if let fault { throw fault }
    }

    private func variable(_ key: String) -> String? {
        let text = environment.string(forKey: ConfigKey([key]))
        return text?.isEmpty == true ? nil : text
    }

    func string(_ key: String) -> String? {
        if let text = variable(key) { return text }
        guard case .text(let text)? = file[key], !text.isEmpty else { return nil }
        return text
    }

    /// Returns a number.
    ///
    /// The file may have it as a number or, like older files, as text.
    func integer(_ key: String) throws -> Int? {
        if case .number(let number)? = file[key], variable(key) == nil { return number }
        guard let text = string(key) else { return nil }
        guard let number = Int(text) else { throw ChatError.notANumber(key, text) }
        return number
    }

    func strings(_ key: String) -> [String] {
        if case .texts(let list)? = file[key], variable(key) == nil { return list }
        guard let text = string(key) else { return [] }
        return text.split(separator: ",").map(String.init)
    }
}

/// A value in a settings file.
enum SettingValue: Decodable {
    /// The kind of value that a setting must have.
    enum Kind: String {
        case text = "a text"
        case number = "a whole number"
        case texts = "a text, or a list of texts"
    }

    case text(String)
    case number(Int)
    case texts([String])
    /// A value of another type, with the name of the type.
    case other(String)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .other("null")
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if (try? value.decode(Bool.self)) != nil {
            self = .other("true or false")
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if (try? value.decode(Double.self)) != nil {
            self = .other("a number that is not whole, or too large")
        } else if let texts = try? value.decode([String].self) {
            self = .texts(texts)
        } else {
            self = .other("a list or an object")
        }
    }

    func fits(_ kind: Kind) -> Bool {
        switch (self, kind) {
        case (.text, _), (.number, .number), (.texts, .texts): true
        case (.number, .text), (.number, .texts), (.texts, .text), (.texts, .number), (.other, _):
            false
        }
    }

    var name: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .texts: "a list"
        case .other(let name): name
        }
    }
}

extension ChatError {
    static func unreadableConfiguration(_ path: String, _ why: String) -> ChatError {
        ChatError(
            .configuration,
            "the settings \(path) cannot be read: \(why)",
            hint: "write it as {\"server_ip\": \"127.0.0.1\", \"server_port\": 5000}"
        )
    }

    static func wrongType(
        _ path: String,
        _ key: String,
        _ kind: SettingValue.Kind,
        _ value: SettingValue
    ) -> ChatError {
        ChatError(
            .configuration,
            "\(path): \"\(key)\" must be \(kind.rawValue), and it is \(value.name)"
        )
    }

    static func notANumber(_ key: String, _ text: String) -> ChatError {
        ChatError(.configuration, "\(key) is not a number: \(text.prefix(40))")
    }

    static func badSetting(_ key: String, _ text: String, _ why: String) -> ChatError {
        ChatError(.configuration, "\(key) cannot be \(text.prefix(40)): \(why)")
    }
}
