import ChatProtocol
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL

/// Limits the connections of a server before any key is used.
///
/// The event loops call it for each connection. The engine changes its limits.
final class ConnectionGate: Sendable {
    /// A connection that is not admitted yet.
    fileprivate struct Waiting {
        let id: UInt64
        let prefix: AddressPrefix
        let channel: any Channel
        /// Whether the engine is judging its login; then the gate does not close it to make room.
        var isJudged = false
    }

    fileprivate struct State {
        var limits: ServerConfiguration.Limits
        var waiting: [Waiting] = []
        var begun: [AddressPrefix: (second: Int64, count: Int)] = [:]
        var lastID: UInt64 = 0
        var openCount = 0
    }

    private let state: NIOLockedValueBox<State>
    private let descriptors: @Sendable () -> Int

    /// Makes a gate; `descriptors` returns for how many connections the process has descriptors.
    init(
        limits: ServerConfiguration.Limits,
        descriptors: @escaping @Sendable () -> Int = { Int.max }
    ) {
        state = NIOLockedValueBox(State(limits: limits))
        self.descriptors = descriptors
    }

    /// The largest number of connections at the moment, admitted or not.
    var capacity: Int { descriptors() }

    /// Sets new limits.
    ///
    /// Open connections stay open.
    func change(_ limits: ServerConfiguration.Limits) {
        state.withLockedValue { $0.limits = limits }
    }

    var limits: ServerConfiguration.Limits { state.withLockedValue { $0.limits } }

    /// Counts a new connection and returns its id; `nil` if the caller must close the connection.
    ///
    /// The caller must close it if its prefix began too many connections in this second, or if
    /// there is no room. If too many connections are not admitted, the gate closes the oldest one
    /// of the prefix that has the most. So an owner of one prefix with many connections does not
    /// keep other people out.
    func enter(_ channel: any Channel, now: NIODeadline) -> UInt64? {
        let prefix = AddressPrefix(channel.remoteAddress)
        let capacity = capacity
        let (id, displaced) = state.withLockedValue { state -> (UInt64?, (any Channel)?) in
            guard state.mayBegin(prefix, now) else { return (nil, nil) }
            var displaced: (any Channel)?
            let isFull = state.waiting.count >= state.limits.unauthenticatedCount
            if isFull || state.openCount >= capacity {
                guard let index = state.indexToClose() else { return (nil, nil) }
                displaced = state.waiting.remove(at: index).channel
            }
            state.lastID += 1
            state.openCount += 1
            state.waiting.append(Waiting(id: state.lastID, prefix: prefix, channel: channel))
            return (state.lastID, displaced)
        }
        displaced.map(ConnectionGate.drop)
        guard id != nil else { return nil }
        channel.closeFuture.whenComplete { [state] _ in
            state.withLockedValue { $0.openCount -= 1 }
        }
        return id
    }

    /// Closes a connection below TLS, without a TLS alert.
    ///
    /// The connection made no progress, and its descriptor is needed.
    private static func drop(_ channel: any Channel) {
        channel.eventLoop.execute {
            let pipeline = channel.pipeline.syncOperations
            guard let tls = try? pipeline.context(handlerType: NIOSSLServerHandler.self) else {
                return channel.close(promise: nil)
            }
            tls.close(promise: nil)
        }
    }

    /// The number of open connections, admitted or not.
    var openCount: Int { state.withLockedValue { $0.openCount } }

    /// Marks that the engine judges the connection's login.
    func judge(_ id: UInt64) {
        state.withLockedValue { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return }
            state.waiting[index].isJudged = true
        }
    }

    /// Marks that the login was refused.
    ///
    /// The gate may now close the connection to make room, before the refusal was sent.
    func refused(_ id: UInt64) {
        state.withLockedValue { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return }
            state.waiting[index].isJudged = false
        }
    }

    /// Removes a connection that was admitted or closed.
    func leave(_ id: UInt64) {
        state.withLockedValue { $0.waiting.removeAll { $0.id == id } }
    }
}

extension ConnectionGate.State {
    fileprivate mutating func mayBegin(_ prefix: AddressPrefix, _ now: NIODeadline) -> Bool {
        guard !prefix.isLoopback else { return true }
        let second = Int64(now.uptimeNanoseconds / 1_000_000_000)
        if begun.count >= ServerLimits.prefixCount {
            begun = begun.filter { $0.value.second == second }
            // All prefixes are of this second. Forgetting their counts is better than growing
            // without bound.
            if begun.count >= ServerLimits.prefixCount { begun.removeAll() }
        }
        let previous = begun[prefix]
        let count = previous?.second == second ? (previous?.count ?? 0) + 1 : 1
        begun[prefix] = (second, count)
        return count <= limits.handshakesPerSecond
    }

    /// Returns the oldest connection of the fullest prefix in the fullest network.
    ///
    /// Connections that are being judged are left out.
    fileprivate func indexToClose() -> Int? {
        var networks: [AddressPrefix: Int] = [:]
        var prefixes: [AddressPrefix: Int] = [:]
        for connection in waiting where !connection.isJudged {
            networks[connection.prefix.network, default: 0] += 1
            prefixes[connection.prefix, default: 0] += 1
        }
        var best: (index: Int, network: Int, prefix: Int)?
        for (index, connection) in waiting.enumerated() where !connection.isJudged {
            let network = networks[connection.prefix.network] ?? 0
            let prefix = prefixes[connection.prefix] ?? 0
            if let best, (network, prefix) <= (best.network, best.prefix) { continue }
            best = (index, network, prefix)
        }
        return best?.index
    }
}
