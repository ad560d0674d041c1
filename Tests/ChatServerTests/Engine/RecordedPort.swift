@testable import ChatServer

/// One session's orders, as a test takes them.
struct RecordedPort: SessionPort {
    let id: UInt64
    let recorder: EngineRecorder
    var isGone = false

    func tell(_ order: SessionOrder) { recorder.note(.order(id, order)) }
}
