internal import KeyFormats

/// What the user was told of the members of a room, and what is told when they change.
struct Audience {
    /// What a look at the members found.
    struct Look {
        /// What the user is told, and what is to be remembered of it.
        var actions: [ClientAction]
        /// Members who can read from now on and could not before; `nil` where nothing changed.
        var newcomers: [KeyName]?
    }

    /// The reader, who is not told of oneself.
    private let user: KeyName
    /// The members as the user knows them; `nil` before the first login.
    private var told: RoomView?
    /// The members of whom the user knows why they read nothing.
    private var toldExclusions: [KeyName: Reach] = [:]

    /// Starts from what this reader was told before.
    init(user: KeyName, told: RoomView?) {
        self.user = user
        self.told = told
    }

    /// The members as the user knows them, sorted.
    var names: [KeyName] { told?.names ?? [] }

    /// Compares the members with what the user knows of them; `directory` says why they changed.
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
            // A mismatch is an alarm besides.
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

    /// The members who get nothing of what is said, each once: told before the first message that
    /// leaves them out.
    mutating func exclusions(at now: Timestamp) -> [ClientAction] {
        exclusions(at: now) { _ in true }
    }

    /// Those among them whose key is not the expected one: told at once.
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
