internal import CryptoCore
internal import Failures
internal import KeyOperations
internal import PluginProcess
internal import PluginWire
internal import Stanzas

/// One running plugin, and the conversation with it.
///
/// One thread at a time uses it. After an error the process is gone, and the connection must not
/// be used any more.
final class PluginConnection {
    /// What the plugin said of itself.
    private(set) var greeting = PluginGreeting(software: "-", offers: [])

    private let name: PluginName
    private let options: PluginRunOptions
    private let process: PluginProcess
    private let trace: PluginTrace
    private var conversation: HostConversation
    private var reader = StanzaReader(PluginLimits.frame)
    private var waiting: [Stanza] = []
    private var errorText = PluginErrorText()
    private let clock = ContinuousClock()

    /// Starts the plugin and greets it; throws `PluginHostError`.
    init(
        _ program: PluginProgram,
        name: PluginName,
        options: PluginRunOptions,
        versions: [String] = [String(PluginLimits.version)]
    ) throws {
        self.name = name
        self.options = options
        trace = PluginTrace(sink: options.trace)
        conversation = HostConversation(with: name)
        do { process = try PluginProcess(program) } catch {
            throw PluginHostError.ended(name, "could not be started: \(error.message)", said: nil)
        }
        switch try talk(conversation.greet(versions), isSlow: false, answering: nil) {
        case .greeted(let greeting): self.greeting = greeting
        case .refused(let refusal):
            let words =
                refusal.code == .unsupported
                ? "speaks no version of the protocol that this "
                    + "program knows" : "refused to work"
            end()
            throw PluginHostError.ended(name, words, said: nil)
        case .ask, .done, .probed: throw broken("it did not introduce itself")
        }
    }

    /// Sends a request that no plugin knows; throws `PluginHostError` if it is not refused.
    func probe(_ stanza: Stanza) throws {
        guard case .probed = try talk(conversation.probe(stanza), isSlow: false, answering: nil)
        else { throw broken("an unknown request was not refused") }
    }

    /// Does a request, and returns the data.
    ///
    /// `sign` answers the question `sign`. Throws `PluginHostError`; where the plugin refused in
    /// good form, `PluginRefusal`, and the connection goes on.
    func perform(
        _ request: PluginRequest,
        adding arguments: [String] = [],
        sign: ((SignatureScheme, [UInt8]) throws -> [UInt8])? = nil
    ) throws -> [PluginData] {
        let plain = conversation.begin(request)
        let stanza = Stanza(plain.type, plain.arguments + arguments, body: plain.body)
        switch try talk(stanza, isSlow: request.isSlow, answering: request, sign: sign) {
        case .done(let data): return data
        case .refused(let refusal): throw refusal
        case .ask, .greeted, .probed: throw broken("it did not close a request")
        }
    }

    /// Begins a request, and closes the plugin's input before the answer; returns how the plugin
    /// ended.
    func abandon(_ request: PluginRequest) throws -> PluginEnding {
        try send(conversation.begin(request), isSecret: request.hasSecretBody)
        return end()
    }

    /// Closes the plugin's input, and waits until it ends; returns how it ended.
    @discardableResult
    func end() -> PluginEnding { process.end(within: options.endingTime) }

    /// What the plugin wrote to its standard error, made safe to show.
    var errorOutput: String? { errorText.text(process.keptErrors) }

    // MARK: Inside

    private func talk(
        _ first: Stanza,
        isSlow: Bool,
        answering request: PluginRequest?,
        sign: ((SignatureScheme, [UInt8]) throws -> [UInt8])? = nil
    ) throws -> HostConversation.Action {
        var deadline = clock.now + options.requestTime
        let silence = isSlow ? options.slowSilence : options.silence
        var failure: (any Error)?
        process.beginRequest()
        try send(first, isSecret: request?.hasSecretBody ?? false)
        while true {
            let stanza = try next(silence, until: deadline)
            trace.received(stanza, isSecret: request?.hasSecretFile ?? false)
            if stanza.type == "secret" { errorText.learn(stanza.body) }
            let action: HostConversation.Action?
            do { action = try conversation.receive(stanza) } catch { throw broken(error.message) }
            switch action {
            case nil: continue
            case .ask(let question):
                let start = clock.now
                let (answer, isSecret): (PluginAnswer, Bool)
                do { (answer, isSecret) = try self.answer(question, sign: sign) } catch {
                    // The key's own error is what the user must see, not the plugin's.
                    failure = error
                    (answer, isSecret) = (.fail, false)
                }
                if isSecret, case .given(let body) = answer { errorText.learn(body) }
                deadline += clock.now - start
                try send(conversation.answer(answer), isSecret: isSecret)
            case .refused, .done, .greeted, .probed:
                if let failure { throw failure }
                guard let action else { continue }
                return action
            }
        }
    }

    private func answer(
        _ question: PluginQuestion,
        sign: ((SignatureScheme, [UInt8]) throws -> [UInt8])?
    ) throws -> (PluginAnswer, isSecret: Bool) {
        let dialogue = options.dialogue
        let plugin = name.description
        do {
            switch question {
            case .message(let text):
                dialogue.show(text, of: plugin)
                return (.shown, false)
            case .progress(let text, let done, let total):
                dialogue.showProgress(text, done: done, total: total, of: plugin)
                return (.shown, false)
            case .confirm(let text, let yes, let no):
                let answer = try dialogue.confirm(text, yes: yes, no: no, of: plugin)
                return (answer.map { .confirmed($0) } ?? .fail, false)
            case .askPublic(let prompt):
                let line = try dialogue.askPublic(prompt, of: plugin)
                return (line.map { .given(StanzaBody($0)) } ?? .fail, false)
            case .askSecret(let prompt):
                guard let secret = try dialogue.askSecret(prompt, of: plugin) else {
                    return (.fail, true)
                }
                return (.given(secret.bytes.withBytes { StanzaBody($0) }), true)
            case .sign(let scheme, let bytes):
                guard let sign else { return (.fail, false) }
                return (.given(StanzaBody(try sign(scheme, bytes))), false)
            case .unknown: return (.unsupported, false)
            }
        } catch is PluginCancellation { return (.cancel, false) }
    }

    private func send(_ stanza: Stanza, isSecret: Bool) throws {
        trace.sent(stanza, isSecret: isSecret)
        let bytes = stanza.encoded()
        do throws(PluginProcessError) {
            try process.write(bytes.bytes, within: options.silence)
        } catch { throw failed(error, options.silence) }
    }

    private func next(
        _ silence: Duration,
        until deadline: ContinuousClock.Instant
    ) throws -> Stanza {
        // A frame must be complete in this time: single bytes do not count as an answer.
        let end = min(clock.now + silence, deadline)
        while waiting.isEmpty {
            let left = max(end - clock.now, .zero)
            let piece: SecretBytes
            do throws(PluginProcessError) { piece = try process.read(within: left) } catch {
                throw failed(error, silence)
            }
            guard piece.count > 0 else { throw endedEarly() }
            do throws(StanzaError) { waiting = try reader.read(piece.bytes) } catch {
                throw broken(error.message)
            }
        }
        return waiting.removeFirst()
    }

    private func endedEarly() -> PluginHostError {
        let isBetween = reader.isBetweenStanzas
        let how: String
        switch process.end(within: options.endingTime) {
        case .exited(let status): how = "ended with status \(status)"
        case .signaled(let number): how = "was ended by signal \(number)"
        case .stopped: how = "closed its output and was stopped"
        }
        let place = isBetween ? " before its answer was complete" : " in the middle of a frame"
        return PluginHostError.ended(name, how + place, said: errorOutput)
    }

    /// Stops the plugin, and says how it broke the protocol.
    private func broken(_ why: String) -> PluginHostError {
        process.end(within: .zero)
        return PluginHostError.violation(name, why, said: errorOutput)
    }

    private func failed(_ error: PluginProcessError, _ silence: Duration) -> PluginHostError {
        switch error.code {
        case .silent:
            process.end(within: .zero)
            let seconds = silence.components.seconds
            return PluginHostError.silent(name, seconds: seconds, said: errorOutput)
        case .closed: return endedEarly()
        case .flooded, .notStarted: return broken(error.message)
        }
    }
}

extension PluginRequest {
    /// Whether the files of the answer hold a private key.
    fileprivate var hasSecretFile: Bool {
        switch self {
        case .writePrivateKey: true
        case .generate, .list, .open, .sign, .unwrap, .delete, .readKeys, .writePublicKey,
            .makeSignature, .readSignature, .secret, .exportFiles:
            false
        }
    }
}
