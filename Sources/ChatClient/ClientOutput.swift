public import ChatProtocol
internal import CryptoCore
internal import FoundationEssentials
internal import Glibc
internal import KeyFormats

/// Where a client shows things.
public protocol ClientOutput: Sendable {
    /// Shows one event; returns when it is handed over.
    func show(_ event: ClientEvent)
}

/// One JSON object a line on standard output.
public struct JSONOutput: ClientOutput {
    private let write: @Sendable ([UInt8]) -> Void

    /// Writes through `write`.
    public init(write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

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
        var members: [String]?
        var unverified: [String]?
    }

    /// Shows one event.
    public func show(_ event: ClientEvent) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(self.line(event)) else { return }
        write(Array(line) + [UInt8(ascii: "\n")])
    }

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
        case .acknowledged(let id, let seq):
            Line(event: "ack", seq: seq, id: Hexadecimal.encode(id))
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

/// Lines for people: messages to one place, everything else to another.
public struct TextOutput: ClientOutput {
    private let messages: @Sendable (String) -> Void
    private let notes: @Sendable (String) -> Void
    private let isColored: Bool

    /// Shows messages through `messages` and the rest through `notes`, each a line.
    public init(
        isColored: Bool,
        messages: @escaping @Sendable (String) -> Void,
        notes: @escaping @Sendable (String) -> Void
    ) {
        self.isColored = isColored
        self.messages = messages
        self.notes = notes
    }

    /// Shows one event.
    public func show(_ event: ClientEvent) {
        switch event {
        case .ready(let user, let server, let rooms, let retention):
            notes(
                dim("* you are \(user) in \(rooms.joined(separator: ", ")) on \(server)")
            )
            if !retention.isEmpty { notes(dim("* \(retention)")) }
        case .message(let message):
            let clock = dim(Clock.short(message.time))
            let mark = message.isReplay ? dim("(history) ") : ""
            messages(
                "\(clock) \(mark)<\(bold(message.from.description))> "
                    + Printable.text(message.text)
            )
        case .acknowledged: return
        case .history(_, let count):
            notes(dim(count == 1 ? "* the last message:" : "* the last \(count) messages:"))
        case .members(let names, let unverified):
            notes("* in the room: \(TextOutput.list(names))")
            guard let first = unverified.first else { return }
            notes("* you never compared the keys of: \(TextOutput.list(unverified))")
            notes(dim("  keyctl verify-contact \(first) compares one"))
        case .held(let count, let newcomers):
            let what = count == 1 ? "your last message waits" : "your last \(count) messages wait"
            notes("! \(what): \(TextOutput.list(newcomers)) would read it, too")
            notes(dim("  press Enter to send it, or /exit to drop it"))
        case .notice(let text, let time): notes(dim("\(Clock.short(time)) * \(text)"))
        case .who(let online, let offline):
            notes("* here: \(online.joined(separator: ", "))")
            if !offline.isEmpty { notes(dim("* away: \(offline.joined(separator: ", "))")) }
        case .error(let error):
            notes(color("31", "! \(error.message)"))
            if let hint = error.hint { notes(dim("  \(hint)")) }
        case .reconnecting(let reason): notes(dim("* \(reason); trying again"))
        case .bye(let reason): notes(dim("* \(reason)"))
        }
    }

    private static let listedCount = 20

    private static func list(_ names: [KeyName]) -> String {
        let listed = names.prefix(listedCount).map(\.description).joined(separator: ", ")
        let rest = names.count - listedCount
        return rest > 0 ? "\(listed) and \(rest) more" : listed
    }

    private func color(_ code: String, _ text: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private func dim(_ text: String) -> String { color("2", text) }
    private func bold(_ text: String) -> String { color("1", text) }
}

/// Times as they are shown.
enum Clock {
    /// RFC 3339 in UTC, with milliseconds.
    static func text(_ milliseconds: Int64) -> String {
        let whole = Timestamp(seconds: milliseconds / 1000).description.dropLast()
        let fraction = String(milliseconds % 1000)
        return whole + "." + String(repeating: "0", count: 3 - fraction.count) + fraction + "Z"
    }

    /// Hours and minutes where the user is.
    static func short(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (hour, minute) = unsafe (parts.tm_hour, parts.tm_min)
        return "\(two(hour)):\(two(minute))"
    }
}
