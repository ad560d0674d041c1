internal import CryptoCore
internal import DurableFiles

/// Decodes armor while its bytes are read.
///
/// It is a state machine over lines. Only white space may stand outside of the armor.
final class AgeArmorDecoder: ByteSource {
    private enum State {
        case beforeBegin
        case inBody
        /// A line shorter than 64 characters was read, so only the end line may follow.
        case afterShortLine
        case afterEnd
    }

    private let source: any ByteSource
    private var state = State.beforeBegin
    private var text: [UInt8] = []
    private var position = 0
    private var decoded: [UInt8] = []
    private var decodedPosition = 0
    private var spaceByteCount = 0
    private var hasEnded = false
    private static let readByteCount = 64 << 10
    private static let largestLineByteCount = 128

    init(_ source: any ByteSource) { self.source = source }

    func read(into room: inout MutableRawSpan) throws -> Int {
        while decodedPosition == decoded.count {
            decoded.removeAll(keepingCapacity: true)
            decodedPosition = 0
            guard try decodeMore() else { return 0 }
        }
        let count = min(decoded.count - decodedPosition, room.byteCount)
        let piece = Array(decoded[decodedPosition..<(decodedPosition + count)])
        room.copy(piece.borrowedBytes, to: 0)
        decodedPosition += count
        return count
    }

    /// Reads lines until some bytes were decoded; returns `false` at the end of the armor.
    private func decodeMore() throws -> Bool {
        if !hasEnded { try readMore() }
        while let line = try nextLine() { try take(line) }
        if !decoded.isEmpty { return true }
        guard hasEnded else { return true }
        guard case .afterEnd = state else { throw AgeError.armor("its END line is missing") }
        return false
    }

    private func readMore() throws {
        text.removeFirst(position)
        position = 0
        var room = SecretBuffer(count: AgeArmorDecoder.readByteCount)
        let count = try room.withMutableBytes(0..<room.count) { try source.read(into: &$0) }
        hasEnded = count == 0
        text += SecretBytes(copying: room.bytes.extracting(first: count)).publicBytes
    }

    /// Returns the next line without its line end; the last line of the source may have none.
    private func nextLine() throws -> ArraySlice<UInt8>? {
        guard let end = text[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard hasEnded, position < text.count else {
                let limit =
                    AgeArmorDecoder.largestLineByteCount
                    + (isOutside ? AgeArmor.largestLeadingSpaceByteCount : 0)
                guard text.count - position <= limit else {
                    throw AgeError.armor("a line is too long")
                }
                return nil
            }
            defer { position = text.count }
            return text[position...]
        }
        defer { position = end + 1 }
        var line = text[position..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    private var isOutside: Bool {
        switch state {
        case .beforeBegin, .afterEnd: true
        case .inBody, .afterShortLine: false
        }
    }

    private func take(_ line: ArraySlice<UInt8>) throws {
        switch state {
        case .beforeBegin:
            let trimmed = line.drop(while: AgeArmor.isSpace)
            guard !trimmed.isEmpty else { return try takeSpace(line) }
            guard trimmed.elementsEqual(AgeArmor.begin.utf8) else {
                throw AgeError.armor("its first line is not \(AgeArmor.begin)")
            }
            state = .inBody
        case .inBody, .afterShortLine:
            if line.elementsEqual(AgeArmor.end.utf8) {
                state = .afterEnd
            } else {
                try takeBody(line)
            }
        case .afterEnd:
            guard line.allSatisfy(AgeArmor.isSpace) else {
                throw AgeError.armor("its END line is followed by more text")
            }
            try takeSpace(line)
        }
    }

    private func takeSpace(_ line: ArraySlice<UInt8>) throws {
        spaceByteCount += line.count + 1
        guard spaceByteCount <= AgeArmor.largestLeadingSpaceByteCount else {
            throw AgeError.armor("too much white space is before or after it")
        }
    }

    private func takeBody(_ line: ArraySlice<UInt8>) throws {
        guard case .inBody = state else {
            throw AgeError.armor("a line before its last line is too short")
        }
        guard (1...AgeArmor.lineCharacterCount).contains(line.count),
            let bytes = Base64.decode(Array(line))
        else { throw AgeError.armor("a line is not base64") }
        decoded += bytes
        if line.count < AgeArmor.lineCharacterCount || line.last == UInt8(ascii: "=") {
            state = .afterShortLine
        }
    }
}
