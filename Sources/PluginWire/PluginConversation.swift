public import Failures
public import Stanzas

/// The plugin's side of the conversation: a value without I/O.
///
/// The caller passes each frame of the host to `receive`, and sends each frame that is returned.
public struct PluginConversation: Sendable {
    /// What the caller does next.
    public enum Action: Sendable {
        /// Send these frames, and read on.
        case reply([Stanza])
        /// Do what the host asks, then call `finish`.
        case answer(PluginRequest)
        /// The host answered the open question.
        case answered(PluginAnswer)
    }

    private enum State: Sendable {
        case start
        case ready
        case busy(PluginRequest)
        case asking(PluginRequest, PluginQuestion)
    }

    private let greeting: PluginGreeting
    private var state = State.start

    /// Begins with what the plugin says of itself.
    public init(_ greeting: PluginGreeting) { self.greeting = greeting }

    /// Takes the host's next frame; throws `WireError` if the host broke the protocol.
    public mutating func receive(_ stanza: Stanza) throws(WireError) -> Action {
        switch state {
        case .start: return try greet(stanza)
        case .ready:
            let request: PluginRequest?
            do { request = try PluginRequest(stanza) } catch {
                return .reply([PluginRefusal(.invalid, error.message).stanza])
            }
            guard let request, greeting.offers.contains(where: request.isFor) else {
                return .reply([PluginRefusal(.unsupported).stanza])
            }
            state = .busy(request)
            return .answer(request)
        case .busy: throw WireError.violation("a request before the answer to the last one")
        case .asking(let request, let question):
            state = .busy(request)
            return .answered(try PluginAnswer(stanza, to: question))
        }
    }

    /// Asks the host while a request is open, and returns the frame.
    public mutating func ask(_ question: PluginQuestion) -> Stanza {
        guard case .busy(let request) = state else { preconditionFailure("no request is open") }
        state = .asking(request, question)
        return question.stanza
    }

    /// Ends the open request, and returns the frames.
    public mutating func finish(_ result: Result<[PluginData], PluginRefusal>) -> [Stanza] {
        guard case .busy = state else { preconditionFailure("no request is open") }
        state = .ready
        return switch result {
        case .success(let data): data.map(\.stanza) + [Stanza("ok")]
        case .failure(let refusal): [refusal.stanza]
        }
    }

    private mutating func greet(_ stanza: Stanza) throws(WireError) -> Action {
        guard stanza.type == PluginGreeting.type else {
            throw WireError.violation("the host does not begin with \"hello\"")
        }
        guard stanza.arguments.contains(String(PluginLimits.version)) else {
            return .reply([PluginRefusal(.unsupported).stanza])
        }
        state = .ready
        return .reply(greeting.stanzas)
    }
}

extension PluginRequest {
    /// Whether the request is for something that was offered.
    func isFor(_ offer: Offer) -> Bool {
        switch (self, offer.capability) {
        case (.generate, .provider), (.list, .provider), (.open, .provider), (.sign, .provider),
            (.unwrap, .provider), (.delete, .provider):
            true
        case (.readKeys(let id, _), .format), (.writePublicKey(let id, _, _), .format),
            (.writePrivateKey(let id, _, _), .format),
            (.makeSignature(let id, _, _, _), .signature),
            (.readSignature(let id, _, _, _), .signature), (.secret(let id, _, _), .secret),
            (.exportFiles(let id, _), .export):
            id == offer.id
        default: false
        }
    }
}
