internal import ChatProtocol
internal import FoundationEssentials
internal import KeyFormats

/// The evidence of a fork, as it is stored in `ChatFolder`.
struct ForkRecord {
    static let messageField = "message "
    private static let heading = "securechat fork v1"

    let time: Timestamp
    let server: KeyName
    let message: String
    /// The last entry that was accepted before the fork.
    let position: LogPosition?
    /// The bytes of the frame that proved the fork.
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
