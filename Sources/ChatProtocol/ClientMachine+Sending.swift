internal import CryptoCore
internal import KeyFormats

/// What was said, sealed and sent as far as the window allows.
extension ClientMachine {
    mutating func announce(
        _ epoch: SenderEpoch,
        to recipients: [MemberDirectory.Recipient],
        seen: LogPosition
    ) throws -> ClientAction {
        let (frame, id) = try epoch.announcement(to: recipients, seen: seen)
        unconfirmed.insert(id)
        return .send(frame)
    }

    mutating func pump() -> [ClientAction] {
        guard isOnline, let keys, let position, outbox.hasNext else { return [] }
        let now = Timestamp.now
        var actions: [ClientAction] = []
        do {
            if epoch?.isOver(at: now) == true { epoch = nil }
            if let epoch, !joiners.isEmpty {
                let recipients = directory.recipients(at: now).filter {
                    joiners.contains($0.identity)
                }
                if !recipients.isEmpty {
                    actions.append(try announce(epoch, to: recipients, seen: position))
                }
            }
            joiners = []
            let current: SenderEpoch
            if let epoch {
                current = epoch
            } else {
                epochCount += 1
                current = try SenderEpoch(
                    number: epochCount,
                    keys: keys,
                    room: setup.room,
                    at: now
                )
                let recipients = directory.recipients(at: now)
                actions.append(try announce(current, to: recipients, seen: position))
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
