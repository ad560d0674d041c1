internal import CryptoCore
internal import Stanzas

/// The loop of a plugin around its conversation, with input and output as functions.
///
/// One thread owns it.
final class PluginLoop<Implementation: Plugin> {
    /// Reads some bytes and passes them on; returns `false` at the end of the input.
    typealias Input = (_ take: (RawSpan) throws -> Void) throws -> Bool
    typealias Output = (RawSpan) throws -> Void

    private var plugin: Implementation
    private var conversation: PluginConversation
    private var reader = StanzaReader(PluginLimits.frame)
    private var waiting: [Stanza] = []
    private let input: Input
    private let output: Output

    init(_ plugin: Implementation, input: @escaping Input, output: @escaping Output) {
        precondition(PluginGreeting.isSoftware(plugin.version), "not a version")
        self.plugin = plugin
        self.input = input
        self.output = output
        conversation = PluginConversation(
            PluginGreeting(software: plugin.version, offers: plugin.offers)
        )
    }

    /// Answers requests until the input ends between two requests.
    func run() throws {
        while let stanza = try next() {
            switch try conversation.receive(stanza) {
            case .reply(let stanzas): try send(stanzas)
            case .answer(let request): try send(conversation.finish(result(of: request)))
            case .answered: throw WireError.violation("an answer without a question")
            }
        }
    }

    private func result(of request: PluginRequest) throws -> Result<[PluginData], PluginRefusal> {
        let host = HostDialogue { [unowned self] in try ask($0) }
        do { return .success(try plugin.answer(request, asking: host)) } catch let refusal
            as PluginRefusal
        { return .failure(refusal) } catch let error as WireError { throw error } catch {
            return .failure(PluginRefusal(.internal))
        }
    }

    private func ask(_ question: PluginQuestion) throws -> PluginAnswer {
        try send([conversation.ask(question)])
        guard let stanza = try next() else { throw WireError.violation("the host is gone") }
        guard case .answered(let answer) = try conversation.receive(stanza) else {
            throw WireError.violation("the host did not answer a question")
        }
        return answer
    }

    private func send(_ stanzas: [Stanza]) throws {
        for stanza in stanzas { try output(stanza.encoded().bytes) }
    }

    /// The host's next frame; `nil` at the end of the input.
    private func next() throws -> Stanza? {
        while waiting.isEmpty {
            let isThere = try input { bytes in waiting += try reader.read(bytes) }
            guard isThere else {
                guard reader.isBetweenStanzas else {
                    throw WireError.violation("the input ends in the middle of a frame")
                }
                return nil
            }
        }
        return waiting.removeFirst()
    }
}
