import CryptoCore
import Foundation
import PluginWire
import Stanzas
import TestSupport

/// The plugin as a process, and the host's side of the conversation with it.
final class DrivenPlugin {
    /// How a request ended.
    enum Outcome {
        case done([PluginData])
        case refused(PluginRefusal)
    }

    private let child: Child
    private var conversation: HostConversation
    private var reader = StanzaReader(PluginLimits.frame)
    /// The questions until now.
    private(set) var questions: [PluginQuestion] = []

    init(folder: String, environment: [String: String]) async throws {
        guard let name = PluginName("pkcs11") else { throw CocoaError(.featureUnsupported) }
        child = try Child(
            "keyctl-plugin-pkcs11",
            ["--keyctl-plugin"],
            folder: folder,
            environment: environment
        )
        conversation = HostConversation(with: name)
        send(conversation.greet())
        guard case .greeted = try await action() else { throw CocoaError(.featureUnsupported) }
    }

    private func send(_ stanza: Stanza) { child.sendBytes(stanza.encoded().publicBytes) }

    private func action() async throws -> HostConversation.Action {
        while let line = await child.nextLine() {
            for stanza in try reader.read(Array((line + "\n").utf8).borrowedBytes) {
                if let action = try conversation.receive(stanza) { return action }
            }
        }
        throw CocoaError(.featureUnsupported, userInfo: ["errors": child.errorsSoFar])
    }

    /// Sends a request; each question for a secret gets the next of `secrets`, then none.
    func run(
        _ request: PluginRequest,
        secrets: [String] = [],
        confirming: Bool = true
    ) async throws -> Outcome {
        var secrets = secrets[...]
        send(conversation.begin(request))
        while true {
            switch try await action() {
            case .ask(let question):
                questions.append(question)
                let answer: PluginAnswer
                switch question {
                case .askSecret:
                    let secret = secrets.popFirst()
                    answer = secret.map { .given(StanzaBody(Array($0.utf8))) } ?? .cancel
                case .confirm: answer = .confirmed(confirming)
                case .message, .progress: answer = .shown
                case .askPublic, .sign, .unknown: answer = .unsupported
                }
                send(conversation.answer(answer))
            case .done(let data): return .done(data)
            case .refused(let refusal): return .refused(refusal)
            case .greeted, .probed: throw CocoaError(.featureUnsupported)
            }
        }
    }

    /// Sends a request that no plugin knows; returns whether it was refused.
    func probe() async throws -> Bool {
        send(conversation.probe(Stanza("future-request", ["x"], body: StanzaBody([1, 2, 3]))))
        guard case .probed = try await action() else { return false }
        return true
    }

    /// Closes the plugin's input; returns its status.
    func end() async -> Int32 {
        child.endInput()
        return await child.exit()
    }
}
