internal import KeyFormats

/// The members of a room as the user was told of them, and the notices about changes.
///
/// `Room` owns it.
struct Audience {
    /// The result of comparing the members with what the user was told.
    struct Look {
        /// Notices and alarms to show, and the room view to store.
        var actions: [ClientAction]
        /// The members who can read now and could not before; `nil` if nothing changed.
        var newcomers: [KeyName]?
    }

    /// The user, who gets no notice about the own key.
    private let user: KeyName
    /// The members that the user was told of; `nil` before the first login.
    private var told: RoomView?
    /// For each member whom messages do not reach, the last reason that the user was told.
    private var toldExclusions: [KeyName: Reach] = [:]

    /// Starts with the stored room view of this reader.
    init(user: KeyName, told: RoomView?) {
        self.user = user
        self.told = told
    }

    /// The names that the user was told of, sorted.
    var names: [KeyName] { told?.names ?? [] }

    /// Compares the members with what the user was told; `directory` gives the reasons of the
    /// changes.
    mutating func look(at view: RoomView, _ directory: MemberDirectory, _ now: Timestamp) -> Look {
        guard let earlier = told else {
            told = view
            let members = ClientEvent.members(
                names: view.names,
                unverified: view.unverified(besides: user)
            )
            return Look(
                actions: [.show(members), .keepView(view)] + alarms(at: now)
            )
        }
        guard earlier != view else { return Look(actions: alarms(at: now)) }
        told = view
        let changes = view.changes(since: earlier, in: directory)
        var actions: [ClientAction] = []
        for change in changes {
            // A mismatch is shown as an alarm too, so it is not noted here.
            if change.tellsReach, let reach = view.rows[change.name]?.reach, !reach.isMismatch {
                toldExclusions[change.name] = reach
            }
            actions.append(.show(.notice(text: change.text, time: now.milliseconds)))
        }
        actions.append(.keepView(view))
        actions += alarms(at: now)
        return Look(
            actions: actions,
            newcomers: changes.filter(\.opensToSomebodyNew).map(\.name)
        )
    }

    /// Returns one notice for each member whom messages do not reach, before the first such
    /// message.
    mutating func exclusions(at now: Timestamp) -> [ClientAction] {
        exclusions(at: now) { _ in true }
    }

    /// Returns an alarm, at once, for each member whose key is not the expected one.
    private mutating func alarms(at now: Timestamp) -> [ClientAction] {
        exclusions(at: now, where: \.isMismatch)
    }

    private mutating func exclusions(
        at now: Timestamp,
        where isWanted: (Reach) -> Bool
    ) -> [ClientAction] {
        var actions: [ClientAction] = []
        for name in names {
            guard let reach = told?.rows[name]?.reach, let reason = reach.reason, isWanted(reach),
                toldExclusions.updateValue(reach, forKey: name) != reach
            else { continue }
            let event =
                reach.isMismatch
                ? ClientEvent.error(ChatError.mismatch(name, reason))
                : .notice(
                    text: "\(name) cannot read what you say: \(reason)",
                    time: now.milliseconds
                )
            actions.append(.show(event))
        }
        return actions
    }
}
