internal import ChatProtocol
internal import FoundationEssentials
internal import KeyFormats

/// The evidence of a fork: what was found, where, and the frame that showed it.
struct ForkRecord {
    static let messageField = "message "
    private static let heading = "securechat fork v1"

    let time: Timestamp
    let server: KeyName
    let message: String
    /// The last entry before it.
    let position: LogPosition?
    /// The frame, as it came.
    let frame: [UInt8]

    var encoded: [UInt8] {
        var lines = [
            ForkRecord.heading, "time \(time)", "server \(server)",
            ForkRecord.messageField + Printable.text(message),
        ]
        if let position { lines.append("position \(position.seq) \(position.hash)") }
        if frame.count <= ClientLimits.evidenceByteCount {
            lines.append("frame \(Data(frame).base64EncodedString())")
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}
