internal import KeyFormats
package import Registry

/// Who is in the room: told when it changes, and before anything is said to other people than before.
extension ClientMachine {
    /// One's own registry says something new.
    package mutating func follow(_ pins: RegistryState) -> [ClientAction] {
        directory.follow(pins)
        guard isRegistryKnown, !isFinished else { return [] }
        return look() + pump()
    }

    /// The user has seen who is new in the room, and wants them to read what was typed before.
    package mutating func proceed() -> [ClientAction] {
        guard isHeld else { return [] }
        isHeld = false
        return pump() + ask() + finishIfDone()
    }

    /// Tells what changed since the last look, whatever the reason; whoever opens a message from now
    /// on was in it.
    mutating func look() -> [ClientAction] {
        let view = directory.view(at: .now)
        guard let earlier = told else {
            told = view
            return [
                .show(
                    .members(names: view.names, unverified: view.unverified(besides: setup.user))
                ),
                .keepView(view),
            ] + exclusions(in: view, mismatchesOnly: true)
        }
        guard earlier != view else { return exclusions(in: view, mismatchesOnly: true) }
        told = view
        // What is said from now on opens with the keys of now, and with none that went, whatever
        // the room's log tells of it, or keeps from us.
        epoch = nil
        let changes = view.changes(since: earlier, in: directory)
        let time = Timestamp.now.seconds * 1000
        var actions: [ClientAction] = changes.map { change in
            // A mismatch is an alarm besides.
            if change.tellsReach, let reach = view.rows[change.name]?.reach, !reach.isMismatch {
                toldExclusions[change.name] = reach
            }
            return .show(.notice(text: change.text, time: time))
        }
        actions.append(.keepView(view))
        actions += exclusions(in: view, mismatchesOnly: true)
        let newcomers = changes.filter(\.opensToSomebodyNew).map(\.name)
        if setup.asksBeforeNewReaders, outbox.count > 0, !newcomers.isEmpty {
            isHeld = true
            actions.append(.show(.held(count: outbox.count, newcomers: newcomers)))
        }
        return actions
    }

    /// Who gets nothing of what is said, and why: each once.
    ///
    /// A key that is not the expected one is told at once; the others before the first message that
    /// leaves them out.
    mutating func exclusions(in view: RoomView, mismatchesOnly: Bool) -> [ClientAction] {
        var actions: [ClientAction] = []
        for name in view.names {
            guard let reach = view.rows[name]?.reach, let reason = reach.reason,
                reach.isMismatch || !mismatchesOnly,
                toldExclusions[name] != reach
            else { continue }
            toldExclusions[name] = reach
            actions.append(
                .show(
                    reach.isMismatch
                        ? .error(ClientMachine.mismatch(name, reason))
                        : .notice(
                            text: "\(name) cannot read what you say: \(reason)",
                            time: Timestamp.now.seconds * 1000
                        )
                )
            )
        }
        return actions
    }

    private static func mismatch(_ name: KeyName, _ reason: String) -> ChatError {
        ChatError(
            .keyMismatch,
            "messages to and from \"\(name)\" are blocked: \(reason)",
            hint: "compare fingerprints with \(name) in person (keyctl show \(name)); then "
                + "keyctl import --replace, or tell the admin"
        )
    }
}
