internal import CryptoCore
internal import Failures
public import Keystore
internal import PluginProcess
internal import PluginWire
internal import Stanzas
internal import Synchronization

/// Runs a plugin against what it offers, and against what a host may do: `keyctl plugin test`.
///
/// One thread uses it. The plugin need not be trusted: the user named its file.
public final class PluginTest {
    /// One check.
    public struct Check: Sendable {
        /// What was looked at.
        public let name: String
        /// What is wrong; `nil` if it passed.
        public let failure: String?
        /// The conversation, without secrets.
        public let transcript: [String]
    }

    private final class Transcript: Sendable { let lines = Mutex<[String]>([]) }

    let name: PluginName
    private let program: PluginProgram
    private let options: PluginRunOptions
    private let transcript = Transcript()
    private var checks: [Check] = []

    /// Names a file; throws `PluginHostError` if it is no plugin, or if others can change it.
    public init(
        _ path: String,
        variables: [String],
        home: Home,
        options given: PluginRunOptions
    ) throws {
        try PluginLauncher.require(variables)
        let file = try ProgramFile(path)
        guard case .plugin(let name) = file.name else { throw PluginHostError.badFileName(path) }
        self.name = name
        program = try PluginLauncher(home: home).program(file.path, variables: variables)
        var options = given
        options.dialogue = CancellingDialogue()
        options.trace = { [transcript] line in transcript.lines.withLock { $0.append(line) } }
        self.options = options
    }

    /// Runs every check.
    ///
    /// With `makesKeys`, a provider makes and removes a key.
    public func run(makesKeys: Bool) -> [Check] {
        checks = []
        var offers: [Offer] = []
        check("introduces itself, also to a host of a later time") {
            let connection = try connect(["1", "2", "99"])
            offers = connection.greeting.offers
            try requireGoodEnd(connection.end())
        }
        guard checks.last?.failure == nil else { return checks }
        check("refuses a host whose versions it does not know") {
            do { try requireGoodEnd(connect(["99"]).end()) } catch let error as PluginHostError
                where error.code == .ended
            { return }
            throw PluginTestFailure("it accepted the version 99")
        }
        check("refuses unknown requests, and goes on") {
            let connection = try connect()
            for _ in 0..<3 {
                guard let grease = PluginGrease.request() else { continue }
                try connection.probe(grease)
            }
            try requireGoodEnd(connection.end())
        }
        for offer in offers { run(offer, makesKeys: makesKeys) }
        return checks
    }

    // MARK: For the checks

    func check(_ name: String, _ body: () throws -> Void) {
        transcript.lines.withLock { $0 = [] }
        var failure: String?
        do { try body() } catch let error as PluginTestFailure {
            failure = error.what
        } catch let error as any ReportableError {
            failure = error.message
        } catch let refusal as PluginRefusal {
            failure = "it answered \"error \(refusal.code.rawValue)\" \(refusal.text)"
        } catch {
            failure = "\(error)"
        }
        let lines = transcript.lines.withLock(\.self)
        checks.append(Check(name: name, failure: failure, transcript: lines))
    }

    func connect(_ versions: [String] = ["1"]) throws -> PluginConnection {
        try PluginConnection(program, name: name, options: options, versions: versions)
    }

    /// Does a request and ends the plugin.
    ///
    /// Returns `nil` where the plugin asked a question, which was cancelled.
    @discardableResult
    func perform(
        _ request: PluginRequest,
        sign: ((SignatureScheme, [UInt8]) throws -> [UInt8])? = nil
    ) throws -> [PluginData]? {
        let connection = try connect()
        do {
            let data = try connection.perform(request, sign: sign)
            try requireGoodEnd(connection.end())
            return data
        } catch let refusal as PluginRefusal {
            guard refusal.code == .cancelled else { throw refusal }
            try requireGoodEnd(connection.end())
            return nil
        }
    }

    /// Throws unless the request is answered with one of these errors.
    func requireRefusal(_ request: PluginRequest, _ codes: Set<PluginRefusal.Code>) throws {
        let connection = try connect()
        do { _ = try connection.perform(request) } catch let refusal as PluginRefusal {
            guard codes.contains(refusal.code) else { throw refusal }
            return try requireGoodEnd(connection.end())
        }
        let wanted = codes.map(\.rawValue).sorted().joined(separator: " or ")
        throw PluginTestFailure("it did not answer \"error \(wanted)\"")
    }

    func requireGoodEnd(_ ending: PluginEnding) throws {
        switch ending {
        case .exited(0): return
        case .exited(let status):
            throw PluginTestFailure("it ended with status \(status) when its input ended, not 0")
        case .signaled(let number):
            throw PluginTestFailure("signal \(number) ended it when its input ended")
        case .stopped: throw PluginTestFailure("it did not end when its input ended")
        }
    }
}

/// What is wrong with a plugin.
struct PluginTestFailure: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

/// The user gives up at each question.
private struct CancellingDialogue: PluginDialogue {
    func show(_ text: String, of plugin: String) {}
    func showProgress(_ text: String, done: Int, total: Int, of plugin: String) {}
    func confirm(_ text: String, yes: String, no: String?, of plugin: String) throws -> Bool? {
        throw PluginCancellation()
    }
    func askPublic(_ prompt: String, of plugin: String) throws -> [UInt8]? {
        throw PluginCancellation()
    }
    func askSecret(_ prompt: String, of plugin: String) throws -> Passphrase? {
        throw PluginCancellation()
    }
}
