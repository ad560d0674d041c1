import ChatProtocol
import Foundation

/// What waits for the next commit, and what is to be said after it.
struct Pending {
    /// The answer to a message that the log holds already.
    struct Acceptance {
        let reference: SessionReference
        let id: [UInt8]
        let seq: UInt64
    }

    /// A message or an announcement in the batch.
    struct Published {
        let reference: SessionReference
        let id: [UInt8]
    }

    var batch = StoreBatch()
    var byteCount = 0
    var ids: [[UInt8]: UInt64] = [:]
    var published: [Published] = []
    var acceptances: [Acceptance] = []
    var rejections: [(SessionReference, WireFrame)] = []
    var completed: [UInt64: (SessionReference, Int)] = [:]
    /// The room before the batch's first entry, to go back to.
    var before: ServerRoom?
}
