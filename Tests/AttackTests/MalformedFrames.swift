import ChatProtocol
import Foundation

/// Frames that no client sends, each with a name.
enum MalformedFrames {
    private static let publishTag: UInt8 = 5 << 3 | 2

    static let all: [(name: String, bytes: [UInt8])] =
        raw + serverFrames + publishes + requests

    private static let raw: [(name: String, bytes: [UInt8])] = [
        ("no body", [0, 0, 0, 0]),
        ("an unknown field", frame([0x9a, 0x06, 0x01, 0x78])),
        ("a group", frame([0x0b, 0x0c])),
        ("a cut number", frame([0xff])),
        ("a length above the limit", [0x00, 0x20, 0x00, 0x01]),
        ("the largest length", [0xff, 0xff, 0xff, 0xff]),
        (
            "nested groups",
            frame(
                Array(repeating: [0xa3, 0x06] as [UInt8], count: 20_000).flatMap { $0 }
                    + Array(repeating: [0xa4, 0x06] as [UInt8], count: 20_000).flatMap { $0 }
            )
        ),
        ("a length inside that is too long", frame([publishTag, 0xff, 0xff, 0xff, 0xff, 0x0f])),
    ]

    /// Frames that only a server sends, and a second Hello.
    private static let serverFrames: [(name: String, bytes: [UInt8])] =
        [1, 2, 3, 4, 6, 7, 8, 10, 12, 15].map { field in
            ("the empty frame \(field)", frame([UInt8(field) << 3 | 2, 0]))
        }

    private static let publishes: [(name: String, bytes: [UInt8])] = {
        var frames: [(name: String, bytes: [UInt8])] = [
            ("an empty publish", frame([publishTag, 0]))
        ]
        for kind in [0, 1, 2, 3, 4, 99] {
            frames.append(
                (
                    "a publish of kind \(kind) with junk",
                    encoded {
                        $0.publish.kind = WireEntryKind(rawValue: kind) ?? .unspecified
                        $0.publish.body = Data(repeating: 7, count: 200)
                    }
                )
            )
        }
        return frames
    }()

    private static let requests: [(name: String, bytes: [UInt8])] = [
        ("a receipt for the largest entry", encoded { $0.received.seq = .max }),
        ("a receipt for no entry", encoded { $0.received.seq = 0 }),
        ("a request for the longest history", encoded { $0.historyRequest.count = .max }),
        ("a shutdown by a member", encoded { $0.shutdownRequest = WireShutdownRequest() }),
        ("a pong without a ping", encoded { $0.pong = WirePong() }),
    ]

    private static func encoded(_ change: (inout WireFrame) -> Void) -> [UInt8] {
        var frame = WireFrame()
        change(&frame)
        return FrameCodec.encode(frame)
    }

    private static func frame(_ body: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: UInt32(body.count) >> (24 - 8 * UInt32($0))) }
            + body
    }
}
