import ChatProtocol
import Foundation
import SwiftProtobuf

/// The entries for the next commit, and the answers to send after it.
struct Pending {
    /// The answer to a message that is in the log.
    struct Acceptance {
        let port: any SessionPort
        let id: [UInt8]
        let seq: UInt64
    }

    /// A message or an announcement in the batch.
    struct Published {
        let port: any SessionPort
        let id: [UInt8]
    }

    /// The answer to a message that is refused.
    struct Refusal {
        let port: any SessionPort
        let id: [UInt8]
        let error: ChatError
    }

    /// The number of a session's frames that were processed.
    struct Completion {
        let port: any SessionPort
        var count = 0
    }

    var batch = StoreBatch()
    var byteCount = 0
    var ids: [[UInt8]: UInt64] = [:]
    var published: [Published] = []
    var acceptances: [Acceptance] = []
    var refusals: [Refusal] = []
    var completed: [UInt64: Completion] = [:]
    /// The log before the batch's first entry; it is restored if the commit fails.
    var before: ServerRoom?

    /// Turns the answers about the batch into refusals, because the commit failed and the log ends
    /// at `head` again.
    mutating func undo(_ error: ChatError, head: UInt64) {
        for message in published {
            refusals.append(Refusal(port: message.port, id: message.id, error: error))
        }
        for lost in acceptances where lost.seq > head {
            refusals.append(Refusal(port: lost.port, id: lost.id, error: error))
        }
        acceptances.removeAll { $0.seq > head }
    }

    /// Sends the answers to the sessions.
    func tell() {
        for acceptance in acceptances {
            let frame = WireFrame.with {
                $0.accepted.id = Data(acceptance.id)
                $0.accepted.seq = acceptance.seq
            }
            acceptance.port.tell(.send(SessionMachine.encode(frame)))
        }
        for refusal in refusals {
            let frame = refusal.error.rejection(of: refusal.id)
            refusal.port.tell(.send(SessionMachine.encode(frame)))
        }
        for completion in completed.values { completion.port.tell(.complete(completion.count)) }
    }
}
