internal import CryptoCore

/// A room's log as it was shown here: the position, and the hashes of the last entries before it.
struct RoomLog {
    /// The last entry that was shown; `nil` before the first login.
    private(set) var position: LogPosition?
    private var hashes: [UInt64: SHA256Digest] = [:]

    init(position: LogPosition?) { self.position = position }

    /// Starts at the position of a welcome; throws `ChatError` if the log was at another position
    /// before.
    mutating func begin(at start: LogPosition) throws(ChatError) {
        guard position ?? start == start else {
            throw MemberDirectory.fork("the server's room log is not the one you saw")
        }
        position = start
        remember(start)
    }

    /// Returns the positions of a stretch's entries; throws `ChatError` if they do not follow the
    /// log.
    func places(of stretch: WireEntries) throws(ChatError) -> [LogPosition] {
        guard var place = position, stretch.previous == place.hash.data else {
            throw MemberDirectory.fork("the server's room log has a gap")
        }
        var places: [LogPosition] = []
        for entry in stretch.entries {
            guard let next = place.advanced(over: entry) else {
                throw ChatError.violation("an entry is out of order")
            }
            place = next
            places.append(next)
        }
        return places
    }

    /// Notes the hash of an entry; only `move` changes the position.
    mutating func remember(_ place: LogPosition) {
        hashes[place.seq] = place.hash
        if place.seq >= ClientLimits.rememberedPositionCount {
            hashes[place.seq - ClientLimits.rememberedPositionCount] = nil
        }
    }

    /// Sets the position, after a stretch was accepted.
    mutating func move(to place: LogPosition) { position = place }

    /// Whether the log has another hash at this position; `false` if the hash is not remembered.
    func contradicts(_ place: LogPosition) -> Bool {
        guard let hash = hashes[place.seq] else { return false }
        return hash != place.hash
    }
}
