internal import CryptoCore
internal import KeyFormats

/// One allowed hop of a key: `restrict-destination-v00@openssh.com` (PROTOCOL.agent).
public struct DestinationConstraint: Sendable, Equatable {
    static let name = "restrict-destination-v00@openssh.com"

    /// One end of a hop.
    public struct End: Sendable, Equatable {
        /// A pattern of users; `nil`: all.
        let user: String?
        /// The host's name, for messages; `nil`: this machine.
        let host: String?
        /// The host's keys.
        let keys: [[UInt8]]

        /// This machine.
        public static let origin = End(user: nil, host: nil, keys: [])

        /// A host with its keys.
        public init(user: String?, host: String?, keys: [[UInt8]]) {
            self.user = user
            self.host = host
            self.keys = keys
        }

        init?(_ bytes: [UInt8]) {
            var reader = SSHReader(bytes.borrowedBytes)
            guard let user = reader.text(limit: AgentLimits.userByteCount),
                let host = reader.text(limit: AgentLimits.userByteCount),
                reader.bytes()?.isEmpty == true
            else { return nil }
            var keys: [[UInt8]] = []
            while !reader.isAtEnd {
                guard let key = reader.bytes(), key.count <= AgentLimits.keyBlobByteCount,
                    let isAuthority = reader.byte(), isAuthority <= 1
                else { return nil }
                // Host certificates are not understood, so a key of an authority matches nothing.
                keys.append(isAuthority == 1 ? [] : key)
            }
            self.user = user.isEmpty ? nil : user
            self.host = host.isEmpty ? nil : host
            self.keys = keys
        }

        var encoded: [UInt8] {
            var bytes = AgentFrame.text(user ?? "") + AgentFrame.text(host ?? "")
            bytes += SSHWire.string([])
            for key in keys { bytes += SSHWire.string(key) + [0] }
            return SSHWire.string(bytes)
        }
    }

    /// Where the hop begins.
    let from: End
    /// Where it ends.
    let to: End

    /// Allows a hop.
    public init(from: End, to: End) {
        self.from = from
        self.to = to
    }

    /// Reads a list of constraints; `nil` if it is damaged or too long.
    static func list(_ bytes: [UInt8]) -> [DestinationConstraint]? {
        guard bytes.count <= AgentLimits.constraintByteCount else { return nil }
        var reader = SSHReader(bytes.borrowedBytes)
        var list: [DestinationConstraint] = []
        while !reader.isAtEnd {
            guard list.count < AgentLimits.constraintCount, let bytes = reader.bytes() else {
                return nil
            }
            var fields = SSHReader(bytes.borrowedBytes)
            guard let first = fields.bytes(), let second = fields.bytes(),
                fields.bytes()?.isEmpty == true, fields.isAtEnd,
                let from = End(first), let to = End(second),
                from.user == nil, (from.host == nil) == from.keys.isEmpty,
                to.host != nil, !to.keys.isEmpty
            else { return nil }
            list.append(DestinationConstraint(from: from, to: to))
        }
        return list
    }

    /// Writes what `list` reads.
    static func encode(_ list: [DestinationConstraint]) -> [UInt8] {
        list.flatMap { SSHWire.string($0.from.encoded + $0.to.encoded + SSHWire.string([])) }
    }

    /// Whether the hop from one host (`nil`: this machine) to another (`nil`: any) is allowed.
    func allows(from source: [UInt8]?, to target: [UInt8]?, user name: String?) -> Bool {
        if let source {
            guard from.keys.contains(source) else { return false }
        } else {
            guard from.host == nil else { return false }
        }
        if let target {
            guard to.keys.contains(target) else { return false }
        }
        guard let pattern = to.user, let name else { return true }
        return DestinationConstraint.matches(name.utf8, pattern.utf8)
    }

    /// Whether text matches a pattern with `*` and `?`, in a time linear in both lengths multiplied.
    static func matches(_ text: String.UTF8View, _ pattern: String.UTF8View) -> Bool {
        let (text, pattern) = (Array(text), Array(pattern))
        var (place, index) = (0, 0)
        var (star, restart) = (-1, 0)
        while place < text.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                (star, restart) = (index, place)
                index += 1
            } else if index < pattern.count,
                pattern[index] == UInt8(ascii: "?") || pattern[index] == text[place]
            {
                place += 1
                index += 1
            } else if star >= 0 {
                restart += 1
                (place, index) = (restart, star + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension [DestinationConstraint] {
    /// Whether a key with these constraints may be used behind the hops of a connection.
    ///
    /// `user` is that of a login; without one the question is whether the key is visible.
    func permit(_ bindings: SessionBindings, user: String?) -> Bool {
        guard !isEmpty else { return true }
        guard let last = bindings.hops.last else {
            // On this machine the key is visible, and signs nothing.
            return !bindings.isRemote && user == nil
        }
        var source: [UInt8]?
        for (index, hop) in bindings.hops.enumerated() {
            let isLast = index == bindings.hops.count - 1
            // No login goes through a hop that is for forwarding, and nothing behind a login.
            guard isLast ? !hop.isForwarded || user == nil : hop.isForwarded else { return false }
            let name = isLast ? user : nil
            guard contains(where: { $0.allows(from: source, to: hop.hostKey, user: name) }) else {
                return false
            }
            source = hop.hostKey
        }
        // A key that may be used to log in to a host, and not behind it, is hidden there.
        guard last.isForwarded, user == nil else { return true }
        return contains { $0.allows(from: last.hostKey, to: nil, user: nil) }
    }
}
