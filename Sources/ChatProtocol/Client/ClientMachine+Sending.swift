internal import CryptoCore
internal import KeyFormats
internal import Registry

/// What was said, sealed and sent as far as the window allows.
extension ClientMachine {
    mutating func pump() -> [ClientAction] {
        if isHeld, outbox.count == 0 { isHeld = false }
        guard isOnline, canSend, !isHeld, let keys, let position, outbox.hasNext,
            directory.tree.count >= neededCount
        else { return [] }
        let now = Timestamp.now
        var actions: [ClientAction] = []
        do {
            if epoch?.isOver(at: now) == true { epoch = nil }
            let current: SenderEpoch
            if let epoch {
                current = epoch
            } else {
                // Time alone may have changed who reads.
                actions += look()
                guard !isHeld, let told else { return actions }
                actions += exclusions(in: told, mismatchesOnly: false)
                epochCount += 1
                let recipients = directory.recipients(at: now)
                current = try SenderEpoch(
                    number: epochCount,
                    keys: keys,
                    room: setup.room,
                    at: now,
                    until: recipients.compactMap(\.expires).min()
                )
                actions.append(.send(try current.announcement(to: recipients, seen: position)))
                epoch = current
            }
            while !current.isOver(at: now), let item = outbox.next() {
                actions.append(
                    .send(try current.message(item.text, id: item.id, seen: position))
                )
            }
        } catch {
            return actions + fail(ChatError.violation("a message could not be sealed"))
        }
        return actions
    }
}
