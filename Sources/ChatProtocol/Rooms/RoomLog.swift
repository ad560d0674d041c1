internal import CryptoCore

/// A room's log as far as it was shown here: the place, and the hashes of the entries before it.
struct RoomLog {
    /// The last entry that was shown; `nil` before the first login.
    private(set) var position: LogPosition?
    private var hashes: [UInt64: SHA256Digest] = [:]

    init(position: LogPosition?) { self.position = position }

    /// A login begins at `start`; throws `ChatError` where the log was at another place before.
    mutating func begin(at start: LogPosition) throws(ChatError) {
        guard position ?? start == start else {
            throw MemberDirectory.fork("the server's room log is not the one you saw")
        }
        position = start
        remember(start)
    }

    /// The places of a stretch's entries; throws `ChatError` unless they follow the position.
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

    /// Notes the hash of an entry that is being read; the position moves only with `move`.
    mutating func remember(_ place: LogPosition) {
        hashes[place.seq] = place.hash
        if place.seq >= ClientLimits.rememberedPositionCount {
            hashes[place.seq - ClientLimits.rememberedPositionCount] = nil
        }
    }

    /// A stretch up to `place` was read without a fault.
    mutating func move(to place: LogPosition) { position = place }

    /// Whether a place is not in this log; `false` also where the log does not reach back so far.
    func contradicts(_ place: LogPosition) -> Bool {
        guard let hash = hashes[place.seq] else { return false }
        return hash != place.hash
    }
}
