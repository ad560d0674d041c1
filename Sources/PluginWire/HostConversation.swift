public import Stanzas

/// The host's side of the conversation with one plugin: a value without I/O.
///
/// The caller sends each frame that a function returns, and passes each frame of the plugin to
/// `receive`. After an error it ends the plugin.
public struct HostConversation: Sendable {
    /// What the caller does next.
    public enum Action: Sendable {
        /// The plugin introduced itself; requests may follow.
        case greeted(PluginGreeting)
        /// Answer a question, with `answer`.
        case ask(PluginQuestion)
        /// The request is done; the data are complete.
        case done([PluginData])
        /// The plugin did not do what was asked.
        case refused(PluginRefusal)
        /// The plugin refused an unknown request, as it must.
        case probed
    }

    private enum State: Sendable {
        case start
        case greeting(software: String?, [Offer])
        case ready
        case probing
        case busy(PluginRequest, Answer)
        case asking(PluginRequest, Answer, PluginQuestion)
        case ended
    }

    /// The plugin's answer so far.
    private struct Answer: Sendable {
        var data: [PluginData] = []
        var hasSigned = false
        var isCancelled = false
    }

    private let name: PluginName
    private var state = State.start
    private var frameCount = 0

    /// Begins a conversation with the plugin of this name.
    public init(with name: PluginName) { self.name = name }

    /// Whether a request can be sent.
    public var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// The first frame, with the versions that the host speaks.
    public mutating func greet(_ versions: [String] = [String(PluginLimits.version)]) -> Stanza {
        guard case .start = state else { preconditionFailure("a conversation has one greeting") }
        state = .greeting(software: nil, [])
        return Stanza(PluginGreeting.type, versions)
    }

    /// Begins a request, and returns its frame.
    public mutating func begin(_ request: PluginRequest) -> Stanza {
        precondition(isReady, "one request at a time")
        state = .busy(request, Answer())
        frameCount = 0
        return request.stanza
    }

    /// Begins a request that no plugin knows, to see that the plugin refuses it.
    public mutating func probe(_ stanza: Stanza) -> Stanza {
        precondition(isReady, "one request at a time")
        state = .probing
        frameCount = 0
        return stanza
    }

    /// Answers the open question, and returns the frame.
    public mutating func answer(_ answer: PluginAnswer) -> Stanza {
        guard case .asking(let request, var soFar, let question) = state else {
            preconditionFailure("no question is open")
        }
        if case .cancel = answer { soFar.isCancelled = true }
        if case .sign = question { soFar.hasSigned = true }
        state = .busy(request, soFar)
        return answer.stanza
    }

    /// Takes the plugin's next frame; `nil` if more must follow.
    ///
    /// Throws `WireError` if the plugin broke the protocol.
    public mutating func receive(_ stanza: Stanza) throws(WireError) -> Action? {
        frameCount += 1
        do throws(WireError) {
            guard frameCount <= PluginLimits.frameCount else {
                throw WireError.violation("too many frames in one answer")
            }
            switch state {
            case .start, .ready:
                throw WireError.violation("a frame \"\(stanza.type)\" that nobody asked for")
            case .greeting(let software, let offers):
                return try greeting(stanza, software, offers)
            case .probing: return try probed(stanza)
            case .busy(let request, let answer): return try busy(stanza, request, answer)
            case .asking:
                throw WireError.violation("a frame \"\(stanza.type)\" before the answer came")
            case .ended: throw WireError.violation("a frame after the end")
            }
        } catch {
            state = .ended
            throw error
        }
    }

    // MARK: Inside

    private mutating func greeting(
        _ stanza: Stanza,
        _ software: String?,
        _ offers: [Offer]
    ) throws(WireError) -> Action? {
        var words = Words(stanza)
        switch (stanza.type, software) {
        case (PluginGreeting.type, nil):
            guard try words.number("version") == PluginLimits.version else {
                throw WireError.violation("the plugin chose a version that was not offered")
            }
            let software = try words.word("software version")
            guard PluginGreeting.isSoftware(software) else {
                throw WireError.form(stanza.type, "software version")
            }
            state = .greeting(software: software, [])
            return nil
        case (Offer.type, let software?):
            guard let offer = try Offer(stanza) else { return nil }
            try check(offer, offers)
            state = .greeting(software: software, offers + [offer])
            return nil
        case ("ok", let software?):
            state = .ready
            return .greeted(PluginGreeting(software: software, offers: offers))
        case (PluginRefusal.type, _):
            state = .ended
            return .refused(try PluginRefusal(stanza))
        default:
            throw WireError.violation("the frame \"\(stanza.type)\" is no answer to \"hello\"")
        }
    }

    private func check(_ offer: Offer, _ offers: [Offer]) throws(WireError) {
        let isProvider = offer.capability == .provider
        guard offer.id.belongs(to: name), !isProvider || offer.id == OfferID(name) else {
            throw WireError.violation(
                "the plugin \(name) may not offer \(offer.capability.name) as \"\(offer.id)\""
            )
        }
        let isTwice = offers.contains {
            $0.id == offer.id && $0.capability.name == offer.capability.name
        }
        guard !isTwice, offers.count < PluginLimits.offerCount else {
            throw WireError.violation("too many offers, or one id twice")
        }
    }

    private mutating func probed(_ stanza: Stanza) throws(WireError) -> Action? {
        guard stanza.type == PluginRefusal.type,
            try PluginRefusal(stanza).code == .unsupported
        else {
            throw WireError.violation("an unknown request was not answered \"error unsupported\"")
        }
        state = .ready
        return .probed
    }

    private mutating func busy(
        _ stanza: Stanza,
        _ request: PluginRequest,
        _ answer: Answer
    ) throws(WireError) -> Action? {
        switch stanza.type {
        case "ok":
            guard !answer.isCancelled else {
                throw WireError.violation("\"ok\" after the host's answer \"cancel\"")
            }
            try request.requireComplete(answer.data, hasSigned: answer.hasSigned)
            state = .ready
            return .done(answer.data)
        case PluginRefusal.type:
            state = .ready
            return .refused(try PluginRefusal(stanza))
        case _ where PluginData.types.contains(stanza.type):
            var answer = answer
            answer.data.append(try PluginData(stanza, for: request, after: answer.data))
            state = .busy(request, answer)
            return nil
        default:
            let question = try PluginQuestion(stanza)
            if case .sign(let scheme, let bytes) = question {
                try request.requireSignable(scheme, bytes, hasSigned: answer.hasSigned)
            }
            state = .asking(request, answer, question)
            return .ask(question)
        }
    }
}
