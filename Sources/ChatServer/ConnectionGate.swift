import NIOConcurrencyHelpers
import NIOCore

/// Bounds what strangers may take up, before any key is touched.
final class ConnectionGate: Sendable {
    fileprivate struct State {
        static let largestAddressCount = 4_096
        var waiting: [(id: UInt64, channel: any Channel)] = []
        var begun: [String: (second: Int64, count: Int)] = [:]
        var lastID: UInt64 = 0
        var openCount = 0
    }

    private let limits: ServerConfiguration.Limits
    private let state = NIOLockedValueBox(State())

    init(limits: ServerConfiguration.Limits) { self.limits = limits }

    /// Counts a new connection; `nil` where its address has begun too many.
    ///
    /// Where too many are unauthenticated, the oldest of them goes: whoever holds connections
    /// open keeps nobody out.
    func enter(_ channel: any Channel, now: NIODeadline) -> UInt64? {
        let address = channel.remoteAddress
        let (id, oldest) = state.withLockedValue { state -> (UInt64?, (any Channel)?) in
            if let key = ConnectionGate.limitedKey(address), !state.mayBegin(key, now, limits) {
                return (nil, nil)
            }
            state.lastID += 1
            state.openCount += 1
            state.waiting.append((state.lastID, channel))
            guard state.waiting.count > limits.unauthenticatedCount else {
                return (state.lastID, nil)
            }
            return (state.lastID, state.waiting.removeFirst().channel)
        }
        oldest?.close(promise: nil)
        guard id != nil else { return nil }
        channel.closeFuture.whenComplete { [state] _ in
            state.withLockedValue { $0.openCount -= 1 }
        }
        return id
    }

    /// How many connections are open, authenticated or not.
    var openCount: Int { state.withLockedValue { $0.openCount } }

    /// The connection is authenticated, or gone.
    func leave(_ id: UInt64) {
        state.withLockedValue { $0.waiting.removeAll { $0.id == id } }
    }

    private static func limitedKey(_ address: SocketAddress?) -> String? {
        guard let text = address?.ipAddress else { return nil }
        return text.hasPrefix("127.") || text == "::1" ? nil : text
    }
}

extension ConnectionGate.State {
    fileprivate mutating func mayBegin(
        _ key: String,
        _ now: NIODeadline,
        _ limits: ServerConfiguration.Limits
    ) -> Bool {
        let second = Int64(now.uptimeNanoseconds / 1_000_000_000)
        if begun.count >= Self.largestAddressCount {
            begun = begun.filter { $0.value.second == second }
        }
        let previous = begun[key]
        let count = previous?.second == second ? (previous?.count ?? 0) + 1 : 1
        begun[key] = (second, count)
        return count <= limits.handshakesPerSecond
    }
}
