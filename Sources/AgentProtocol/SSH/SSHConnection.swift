internal import CryptoCore
internal import KeyFormats

/// One connection of the SSH socket: takes messages, answers of people and of the earlier agent, and
/// returns what to do.
///
/// docs/agent.md says what is answered. The shell owns it; the keyring is that of the agent.
public struct SSHConnection {
    private typealias Kind = SSHAgentRequest.Kind

    /// A signature that waits for a person.
    private struct Pending {
        let blob: [UInt8]
        let data: [UInt8]
        let name: String
    }

    private enum State {
        case ready
        case confirming(Pending)
        case forwarding(isList: Bool)
        case unlocking(Passphrase)
        case refused
        case closed
    }

    private var state = State.ready
    private var bindings: SessionBindings
    private var noted: Set<HeldIdentity> = []
    private let hasEarlierAgent: Bool

    /// Begins a connection.
    public init(hasEarlierAgent: Bool) {
        self.hasEarlierAgent = hasEarlierAgent
        bindings = SessionBindings(keepsAttempts: hasEarlierAgent)
    }

    // MARK: Events

    /// Takes a message: its type and its fields.
    public mutating func receive(
        _ message: RawSpan,
        _ keyring: inout Keyring,
        now: AgentTime
    ) -> AgentAction {
        switch state {
        case .ready: break
        case .confirming, .forwarding, .unlocking, .refused, .closed: return close()
        }
        keyring.expire(at: now)
        // Before the fields are parsed: to check a private key takes time.
        guard message.byteCount > 0, mayRequest(message.byte(at: 0), keyring) else { return fail() }
        let request = SSHAgentRequest(message)
        func publicMessage() -> [UInt8] { SecretBytes(copying: message).publicBytes }
        switch request {
        case .bind(let fields):
            let isRecorded = bindings.bind(fields, message: publicMessage())
            return answer(isRecorded ? Kind.success : Kind.extensionFailure)
        case .unlock(let passphrase): return unlock(passphrase, keyring, now)
        case .identities:
            guard !keyring.isLocked else { return list([]) }
            guard canForward else { return list(visible(keyring)) }
            return forward(publicMessage(), isList: true)
        case .lock(let passphrase):
            return change { () throws(AgentError) in try keyring.lock(passphrase) }
        case .sign(let blob, let data, let flags):
            guard !keyring.isLocked else { return fail() }
            guard let index = keyring.index(of: blob) else { return forwardOrFail(publicMessage()) }
            return sign(at: index, data, flags, &keyring, now)
        case .add(let key, let comment, let policy):
            return change { () throws(AgentError) in
                try keyring.add(
                    HeldKey(key, comment: comment, identity: nil, policy: policy, now: now)
                )
            }
        case .remove(let blob):
            guard let index = keyring.index(of: blob) else { return forwardOrFail(publicMessage()) }
            keyring.remove(at: index)
            return answer(Kind.success)
        case .removeAll:
            keyring.removeAll()
            guard canForward else { return answer(Kind.success) }
            return forward(publicMessage(), isList: false)
        case .query:
            guard !keyring.isLocked else { return fail() }
            let names = [SSHAgentRequest.queryName, SSHAgentRequest.sessionBindName]
            return .reply(
                AgentFrame.secret(
                    Kind.extensionResponse,
                    AgentFrame.text(SSHAgentRequest.queryName)
                        + names.flatMap { AgentFrame.text($0) }
                )
            )
        case .unsupported: return fail()
        }
    }

    /// Takes a person's answer.
    public mutating func confirmed(
        _ isAllowed: Bool,
        _ keyring: inout Keyring,
        now: AgentTime
    ) -> AgentAction {
        guard case .confirming(let pending) = state else { return close() }
        state = .ready
        keyring.expire(at: now)
        // The key may have been removed or added anew, and the agent locked, meanwhile.
        guard isAllowed, !keyring.isLocked, let index = keyring.index(of: pending.blob),
            keyring.keys[index].isForSSH,
            purpose(of: pending.data, keyring.keys[index], pending.name) != nil
        else { return fail() }
        return makeSignature(at: index, pending, &keyring, now)
    }

    /// Takes the answer of the earlier agent: type and fields; `nil` if it gave none.
    public mutating func forwarded(_ reply: [UInt8]?, _ keyring: inout Keyring) -> AgentAction {
        guard case .forwarding(let isList) = state else { return close() }
        state = .ready
        guard isList else {
            guard let reply, reply.count <= AgentLimits.largestMessageByteCount,
                let kind = reply.first,
                [Kind.failure, Kind.success, Kind.signature].contains(kind)
            else { return fail() }
            return .reply(AgentFrame.secret(kind, Array(reply.dropFirst())))
        }
        guard !keyring.isLocked else { return list([]) }
        return list(visible(keyring), then: reply.flatMap(SSHConnection.identities) ?? [])
    }

    /// Goes on after a wait.
    public mutating func resumed(_ keyring: inout Keyring, now: AgentTime) -> AgentAction {
        switch state {
        case .unlocking(let passphrase):
            state = .ready
            guard keyring.isLocked else { return fail() }
            guard keyring.unlockTime <= now else { return unlock(passphrase, keyring, now) }
            guard (try? keyring.unlock(passphrase, now: now)) == nil else {
                return answer(Kind.success)
            }
            // The answer is late, so that guesses take time.
            state = .refused
            return .wait(until: keyring.unlockTime)
        case .refused:
            state = .ready
            return fail()
        case .ready, .confirming, .forwarding, .closed: return close()
        }
    }

    // MARK: Signing

    private mutating func sign(
        at index: Int,
        _ data: [UInt8],
        _ flags: Int,
        _ keyring: inout Keyring,
        _ now: AgentTime
    ) -> AgentAction {
        let held = keyring.keys[index]
        guard held.isForSSH, let name = held.key?.signatureName(flags: flags),
            let purpose = purpose(of: data, held, name)
        else { return fail() }
        let pending = Pending(blob: held.blob, data: data, name: name)
        guard held.policy.confirms else { return makeSignature(at: index, pending, &keyring, now) }
        state = .confirming(pending)
        return .confirm("Allow the use of the key \(held.title) for \(purpose)?")
    }

    /// What the bytes are, for a person; `nil` where they must not be signed.
    private func purpose(of data: [UInt8], _ held: HeldKey, _ name: String) -> String? {
        if let login = UserAuthentication(data, key: held.blob, algorithm: name) {
            guard mayLogIn(login, held) else { return nil }
            return "a login as \(login.user)"
        }
        guard let content = SSHSignatureContent(data), held.policy.hosts.isEmpty else { return nil }
        return "a signature for \(content.namespace)"
    }

    private func mayLogIn(_ login: UserAuthentication, _ held: HeldKey) -> Bool {
        guard !held.policy.hosts.isEmpty else { return true }
        guard let last = bindings.hops.last, last.session == login.session,
            held.policy.hosts.permit(bindings, user: login.user)
        else { return false }
        guard let hostKey = login.hostKey else { return bindings.hops.count == 1 }
        return hostKey == last.hostKey
    }

    private mutating func makeSignature(
        at index: Int,
        _ pending: Pending,
        _ keyring: inout Keyring,
        _ now: AgentTime
    ) -> AgentAction {
        let held = keyring.keys[index]
        guard let signature = try? held.key?.signature(over: pending.data, name: pending.name)
        else {
            return fail()
        }
        keyring.use(at: index, now: now)
        if let identity = held.identity, noted.insert(identity).inserted { keyring.note(identity) }
        return .reply(AgentFrame.secret(Kind.signature, SSHWire.string(signature)))
    }

    // MARK: Listing

    private func visible(_ keyring: Keyring) -> [(blob: [UInt8], comment: String)] {
        keyring.keys.filter { $0.isForSSH && $0.policy.hosts.permit(bindings, user: nil) }
            .map { ($0.blob, $0.comment) }
    }

    private func list(
        _ own: [(blob: [UInt8], comment: String)],
        then others: [(blob: [UInt8], comment: String)] = []
    ) -> AgentAction {
        var fields: [UInt8] = []
        var count = 0
        for (blob, comment) in own
            + others.filter({ other in
                !own.contains { $0.blob == other.blob }
            })
        {
            let item = SSHWire.string(blob) + AgentFrame.text(comment)
            guard 5 + fields.count + item.count <= AgentLimits.largestMessageByteCount else {
                break
            }
            fields += item
            count += 1
        }
        return .reply(AgentFrame.secret(Kind.identities, SSHWire.number(count) + fields))
    }

    /// Reads a list of keys; `nil` if it is damaged.
    private static func identities(_ reply: [UInt8]) -> [(blob: [UInt8], comment: String)]? {
        var reader = SSHReader(reply.borrowedBytes)
        guard reply.count <= AgentLimits.largestMessageByteCount,
            reader.byte() == Kind.identities, let count = reader.number()
        else { return nil }
        var found: [(blob: [UInt8], comment: String)] = []
        for _ in 0..<min(count, AgentLimits.keyCount) {
            guard let blob = reader.bytes(), let comment = reader.bytes() else { return nil }
            let text = String(decoding: comment.prefix(AgentLimits.commentByteCount), as: UTF8.self)
            found.append((blob, text))
        }
        guard count > AgentLimits.keyCount || reader.isAtEnd else { return nil }
        return found
    }

    // MARK: Answers

    private var canForward: Bool { hasEarlierAgent && bindings.isComplete }

    private mutating func forwardOrFail(_ request: [UInt8]) -> AgentAction {
        canForward ? forward(request, isList: false) : fail()
    }

    private mutating func forward(_ request: [UInt8], isList: Bool) -> AgentAction {
        state = .forwarding(isList: isList)
        return .forward(
            EarlierRequest(binds: bindings.attempts, request: request, isList: isList)
        )
    }

    /// Whether requests of a type are allowed now.
    ///
    /// The far end of a forwarding changes nothing; nor does anybody while the agent is locked,
    /// except that they unlock it.
    private func mayRequest(_ kind: UInt8, _ keyring: Keyring) -> Bool {
        switch kind {
        case Kind.add, Kind.addConstrained, Kind.remove, Kind.removeAll, Kind.lock:
            !bindings.isRemote && !keyring.isLocked
        case Kind.unlock: !bindings.isRemote && keyring.isLocked
        default: true
        }
    }

    private func change(_ body: () throws(AgentError) -> Void) -> AgentAction {
        answer((try? body()) != nil ? Kind.success : Kind.failure)
    }

    private mutating func unlock(
        _ passphrase: Passphrase,
        _ keyring: Keyring,
        _ now: AgentTime
    ) -> AgentAction {
        state = .unlocking(passphrase)
        return .wait(until: max(now, keyring.unlockTime))
    }

    private func fail() -> AgentAction { answer(Kind.failure) }

    private func answer(_ kind: UInt8) -> AgentAction { .reply(AgentFrame.secret(kind)) }

    private mutating func close() -> AgentAction {
        state = .closed
        return .close
    }
}
