internal import CryptoCore
internal import Failures

/// One connection of the own socket: takes messages and answers of people, and returns what to do.
///
/// docs/agent.md says what is answered. The shell owns it; the keyring is that of the agent.
public struct OwnConnection {
    private enum State {
        case awaitingHello
        case ready
        case confirming(OwnRequest)
        case unlocking(Passphrase)
        case refused
        case closed
    }

    private var state = State.awaitingHello
    private let process: AgentStatus.Process

    /// Begins a connection; `process` is what STATUS tells.
    public init(process: AgentStatus.Process) { self.process = process }

    // MARK: Events

    /// Takes a message, type and fields; `wallTime` is in seconds since 1970.
    public mutating func receive(
        _ message: RawSpan,
        _ keyring: inout Keyring,
        now: AgentTime,
        wallTime: Int64
    ) -> AgentAction {
        guard let request = OwnRequest(message) else { return close() }
        switch state {
        case .awaitingHello:
            guard case .hello(let version) = request, version >= OwnKind.version else {
                return close()
            }
            state = .ready
            return .reply(OwnReply.hello(version: OwnKind.version).encoded())
        case .ready: break
        case .confirming, .unlocking, .refused, .closed: return close()
        }
        keyring.expire(at: now)
        do throws(AgentError) {
            return try act(request, &keyring, now, wallTime)
        } catch {
            return .reply(OwnReply.failure(error).encoded())
        }
    }

    /// Takes a person's answer.
    public mutating func confirmed(
        _ isAllowed: Bool,
        _ keyring: inout Keyring,
        now: AgentTime,
        wallTime: Int64
    ) -> AgentAction {
        guard case .confirming(let request) = state else { return close() }
        state = .ready
        keyring.expire(at: now)
        do throws(AgentError) {
            guard isAllowed else { throw AgentError.notConfirmed }
            guard !keyring.isLocked else { throw AgentError.locked }
            guard let use = OwnUse(request) else { return close() }
            return try perform(use, &keyring, now, wallTime)
        } catch {
            return .reply(OwnReply.failure(error).encoded())
        }
    }

    /// Answers where a person could not be asked, because too many questions wait.
    public mutating func notAsked() -> AgentAction {
        guard case .confirming = state else { return close() }
        state = .ready
        return .reply(OwnReply.failure(AgentError.busy).encoded())
    }

    /// Goes on after a wait.
    public mutating func resumed(_ keyring: inout Keyring, now: AgentTime) -> AgentAction {
        switch state {
        case .unlocking(let passphrase):
            state = .ready
            guard keyring.unlockTime <= now || !keyring.isLocked else {
                state = .unlocking(passphrase)
                return .wait(until: keyring.unlockTime)
            }
            do throws(AgentError) {
                try keyring.unlock(passphrase, now: now)
                return .reply(OwnReply.done.encoded())
            } catch {
                guard error.code == .wrongPassphrase else {
                    return .reply(OwnReply.failure(error).encoded())
                }
                // The answer is late, so that guesses take time.
                state = .refused
                return .wait(until: keyring.unlockTime)
            }
        case .refused:
            state = .ready
            return .reply(OwnReply.failure(.wrongPassphrase).encoded())
        case .awaitingHello, .ready, .confirming, .closed: return close()
        }
    }

    // MARK: Acting

    private mutating func act(
        _ request: OwnRequest,
        _ keyring: inout Keyring,
        _ now: AgentTime,
        _ wallTime: Int64
    ) throws(AgentError) -> AgentAction {
        switch request {
        case .hello: return close()
        case .status:
            let status = AgentStatus(process, keyring, now: now)
            return .reply(OwnReply.status(status).encoded())
        case .stop: return .stop(OwnReply.done.encoded())
        case .unwrap, .signDigest, .signStatement:
            guard !keyring.isLocked else { throw AgentError.locked }
            guard let use = OwnUse(request) else { return close() }
            let held = try OwnConnection.held(use, keyring)
            try use.require(held, wallTime: wallTime)
            guard held.policy.confirms else { return try perform(use, &keyring, now, wallTime) }
            state = .confirming(request)
            return .confirm("Allow the use of the key \(held.title) for \(use.purpose)?")
        case .add(let identity, let policy, let key):
            try keyring.add(
                HeldKey(
                    .rsa(key),
                    comment: identity.name,
                    identity: identity,
                    policy: policy,
                    now: now
                )
            )
        case .remove(let name):
            guard !keyring.isLocked else { throw AgentError.locked }
            guard let name else {
                keyring.removeAll()
                break
            }
            guard keyring.remove(name: name) else { throw AgentError.noSuchKey }
        case .lock(let passphrase): try keyring.lock(passphrase)
        case .unlock(let passphrase):
            guard keyring.isLocked else { throw AgentError.notLocked }
            state = .unlocking(passphrase)
            return .wait(until: max(now, keyring.unlockTime))
        }
        return .reply(OwnReply.done.encoded())
    }

    private static func held(
        _ use: OwnUse,
        _ keyring: Keyring
    ) throws(AgentError) -> HeldKey {
        guard let index = keyring.index(of: use.fingerprint) else { throw AgentError.noSuchKey }
        return keyring.keys[index]
    }

    private func perform(
        _ use: OwnUse,
        _ keyring: inout Keyring,
        _ now: AgentTime,
        _ wallTime: Int64
    ) throws(AgentError) -> AgentAction {
        guard let index = keyring.index(of: use.fingerprint),
            case .rsa(let key) = keyring.keys[index].key
        else { throw AgentError.noSuchKey }
        // Asked again, as a person may have taken a while.
        try use.require(keyring.keys[index], wallTime: wallTime)
        keyring.use(at: index, now: now)
        return .reply(try use.perform(key).encoded())
    }

    private mutating func close() -> AgentAction {
        state = .closed
        return .close
    }
}
