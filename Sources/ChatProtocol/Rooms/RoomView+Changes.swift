internal import KeyFormats
internal import Registry

/// The differences between two room views, as sentences for the user.
extension RoomView {
    /// One difference, and the sentence about it.
    struct Change: Equatable {
        let name: KeyName
        let text: String
        /// Whether a new key can decrypt messages from now on: of a member who could not read
        /// before, or one that no chain of rotations connects to the old key.
        var opensToSomebodyNew = false
        /// Whether the sentence says that the member cannot read, and why.
        var tellsReach = false
    }

    /// Returns the changes since `earlier`; `directory` gives the reason of each change.
    ///
    /// There is at least one change for each member who was added or removed, whose key changed, or
    /// who was a member before but could not decrypt messages, and now can.
    func changes(since earlier: RoomView, in directory: MemberDirectory) -> [Change] {
        var changes: [Change] = []
        for name in Set(rows.keys).union(earlier.rows.keys).sorted() {
            switch (earlier.rows[name], rows[name]) {
            case (nil, let now?): changes.append(arrival(name, now))
            case (_?, nil):
                changes.append(Change(name: name, text: directory.departure(of: name)))
            case (let before?, let now?):
                changes += difference(name, before, now, directory)
            case (nil, nil): break
            }
        }
        return changes
    }

    private func arrival(_ name: KeyName, _ now: Row) -> Change {
        let known = now.isVerified ? "" : ", with a key that you have not compared"
        return Change(
            name: name,
            text: "\(name) was added to the room\(known)",
            opensToSomebodyNew: now.reach == .reached
        )
    }

    private func difference(
        _ name: KeyName,
        _ before: Row,
        _ now: Row,
        _ directory: MemberDirectory
    ) -> [Change] {
        var changes: [Change] = []
        if before.key != now.key || before.version != now.version {
            let isContinued = directory.leads(from: before.key, to: now.key, of: name)
            changes.append(
                Change(
                    name: name,
                    text: isContinued
                        ? "\(name) now uses key version \(now.version), which the old key signed"
                        : "the key of \(name) was REPLACED by the server's admin: compare "
                            + "fingerprints with \(name)",
                    opensToSomebodyNew: !isContinued && now.reach == .reached
                )
            )
        }
        if before.reach != now.reach {
            changes.append(
                Change(
                    name: name,
                    text: now.reach.reason.map { "\(name) cannot read what you say: \($0)" }
                        ?? "\(name) can again read what you say",
                    opensToSomebodyNew: now.reach == .reached,
                    tellsReach: true
                )
            )
        }
        if before.revokedCount < now.revokedCount, now.reach != .revoked {
            changes.append(Change(name: name, text: "an earlier key of \(name) was revoked"))
        }
        if before.role != now.role {
            changes.append(
                Change(name: name, text: "the role of \(name) is now: \(now.role.rawValue)")
            )
        }
        return changes
    }
}
