import ChatClient
import ChatProtocol
import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats

/// Writes each event as one JSON object per line to standard output.
struct JSONOutput: ClientOutput {
    private let queue: OutputQueue

    /// Writes through `queue`, in order with its other bytes.
    init(_ queue: OutputQueue) { self.queue = queue }

    /// One line of the result, as `--json` prints it.
    private struct Line: Encodable {
        var event: String
        var user: String?
        var server: String?
        var rooms: [String]?
        var room: String?
        var from: String?
        var text: String?
        var seq: UInt64?
        var time: String?
        var id: String?
        var replay: Bool?
        var count: Int?
        var online: [String]?
        var offline: [String]?
        var code: String?
        var message: String?
        var hint: String?
        var reason: String?
        var retention: String?
        var ref: String?
        var missed: Int?
        var members: [String]?
        var unverified: [String]?
    }

    /// Shows one event.
    func show(_ event: ClientEvent) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(self.line(event)) else { return }
        queue.add(Array(line) + [UInt8(ascii: "\n")], to: .result)
    }

    /// Returns after every line was written.
    func flush() async { await queue.flush() }

    private func line(_ event: ClientEvent) -> Line {
        switch event {
        case .ready(let user, let server, let rooms, let retention):
            Line(event: "ready", user: user, server: server, rooms: rooms, retention: retention)
        case .message(let message):
            Line(
                event: "message",
                room: message.room,
                from: message.from.description,
                text: message.text,
                seq: message.seq,
                time: Clock.text(message.time),
                id: Hexadecimal.encode(message.id),
                replay: message.isReplay ? true : nil
            )
        case .acknowledged(let message, let seq):
            Line(
                event: "ack",
                seq: seq,
                id: Hexadecimal.encode(message.id),
                ref: message.reference
            )
        case .refused(let error, let id, let reference):
            Line(
                event: "error",
                id: id.isEmpty ? nil : Hexadecimal.encode(id),
                code: error.codeName,
                message: error.message,
                hint: error.hint,
                ref: reference
            )
        case .live(let missedCount): Line(event: "live", missed: missedCount)
        case .history(let room, let count): Line(event: "history", room: room, count: count)
        case .members(let names, let unverified):
            Line(
                event: "members",
                members: names.map(\.description),
                unverified: unverified.map(\.description)
            )
        case .held(let count, let newcomers):
            Line(event: "held", count: count, members: newcomers.map(\.description))
        case .notice(let text, let time):
            Line(event: "notice", text: text, time: Clock.text(time))
        case .who(let online, let offline): Line(event: "who", online: online, offline: offline)
        case .reloaded(let failure): Line(event: "reloaded", reason: failure)
        case .error(let error):
            Line(
                event: "error",
                code: error.codeName,
                message: error.message,
                hint: error.hint
            )
        case .reconnecting(let reason): Line(event: "reconnecting", reason: reason)
        case .bye(let reason): Line(event: "bye", reason: reason)
        }
    }
}
