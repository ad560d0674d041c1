internal import CryptoCore
internal import FoundationEssentials
package import KeyFormats
internal import Registry
internal import SwiftProtobuf

/// The connection: made, lost, full, over.
extension ClientMachine {
    /// A connection stands, with these session keys, to a server with this key.
    package mutating func connected(keys: SessionKeys, serverKey: PublicKey) -> [ClientAction] {
        if self.keys?.certificate.session != keys.certificate.session { epochCount = 0 }
        // An announcement may have been lost with the connection: a new epoch costs little.
        epoch = nil
        self.keys = keys
        self.serverKey = serverKey
        outbox.rewind()
        directory.forgetUnfinished()
        receiver.forgetSkippedSteps()
        canSend = true
        if let open = openHistory { requests.insert(open, at: 0) }
        openHistory = nil
        history = nil
        answersDue = 0
        state = .awaitingWelcome
        return [
            .send(
                .with {
                    $0.hello = .with {
                        $0.protocol = 1
                        $0.statements = newestStatements.map { Data($0.line) }
                        $0.registryCount = UInt64(directory.tree.count)
                        $0.room = setup.room
                        if let position {
                            $0.cursor = position.wire
                        } else {
                            $0.atHead = setup.beginsAtHead
                        }
                    }
                }
            )
        ]
    }

    /// One's own statements that the server lacked when its registry was seen last; the newest ones, as
    /// many as a hello has room for: the server follows them from any version that it knows.
    private var newestStatements: [Statement] {
        let head = directory.mirror.identity(id: setup.identity)?.chainHead
        let first = statements.lastIndex { $0.leafHash == head }.map { $0 + 1 } ?? 0
        // A revocation stands beside the chain: it may be lacking behind its head, too.
        let revocations = statements[..<first].filter { statement in
            guard let key = statement.revokedKey else { return false }
            return !directory.mirror.holders(of: key).allSatisfy(\.version.isRevoked)
        }
        var byteCount = 0
        let newest = (revocations + statements[first...]).reversed().prefix { statement in
            byteCount += statement.line.count
            return byteCount <= ClientMachine.largestStatementsByteCount
        }
        return newest.reversed()
    }

    /// The connection is gone; it may be made again.
    package mutating func disconnected() {
        guard !isFinished else { return }
        state = .offline
        outbox.rewind()
    }

    /// The connection takes more again.
    package mutating func resume() -> [ClientAction] {
        canSend = true
        return pump() + ask() + finishIfDone()
    }

    /// The session is over, for a reason that was found elsewhere.
    package mutating func stop() { state = .finished }
}
