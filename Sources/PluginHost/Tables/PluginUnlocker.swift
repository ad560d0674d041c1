internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import PluginWire
internal import Stanzas
internal import Synchronization

/// The passphrase source that the user bound to an identity (`secret-v1`), and a person after it.
///
/// It is made only for that identity. The plugin is asked once; where it has no passphrase, or a
/// wrong one, `next` is asked.
struct PluginUnlocker: KeyUnlocker {
    private final class Asked: Sendable { let isDone = Mutex(false) }

    private let offer: OfferID
    private let identity: KeyName
    private let session: PluginSession
    private let next: any KeyUnlocker
    private let asked = Asked()

    init(
        _ offer: OfferID,
        for identity: KeyName,
        _ session: PluginSession,
        then next: any KeyUnlocker
    ) {
        self.offer = offer
        self.identity = identity
        self.session = session
        self.next = next
    }

    var tryCount: Int { next.tryCount + 1 }

    func passphrase(prompt: String) throws -> Passphrase {
        let isFirst = asked.isDone.withLock { isDone in
            defer { isDone = true }
            return !isDone
        }
        guard isFirst else { return try next.passphrase(prompt: prompt) }
        let request = PluginRequest.secret(
            offer,
            identity: identity.description,
            prompt: prompt
        )
        do {
            guard case .secret(let body) = try session.request(request).first else {
                throw PluginHostError.wrongAnswer(session.name, "no passphrase")
            }
            return Passphrase(body.secret())
        } catch let refusal as PluginRefusal {
            switch refusal.code {
            case .cancelled, .unavailable, .notFound: return try next.passphrase(prompt: prompt)
            case .notMine, .invalid, .unsupported, .wrongSecret, .locked, .refused, .internal:
                throw PluginHostError.refused(session.name, refusal)
            }
        }
    }

    func noteWrongPassphrase(_ error: KeystoreError) { next.noteWrongPassphrase(error) }
}
