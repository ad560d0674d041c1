import ChatProtocol

/// Splits the bytes of standard input into lines of text.
///
/// It is a value without I/O.
struct LineSplitter {
    private static let largestLineByteCount = 1 << 20

    private var rest: [UInt8] = []
    /// The index in `rest` at which the next line begins.
    private var start = 0
    private var number = 0
    private var isSkipping = false
    private var isOver = false

    /// Whether no incomplete line is left.
    var isEmpty: Bool { start == rest.count }

    /// Adds bytes; an empty array marks the end of the input.
    mutating func receive(_ bytes: [UInt8]) {
        rest.removeFirst(start)
        start = 0
        rest += bytes
        isOver = bytes.isEmpty
    }

    /// Returns the next line; `nil` if more bytes are needed.
    mutating func next() -> PipedInput.Line? {
        while true {
            if let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                number += 1
                guard !isSkipping else {
                    isSkipping = false
                    continue
                }
                return line(rest[start..<end])
            }
            if isOver, start < rest.count, !isSkipping {
                defer { start = rest.count }
                number += 1
                return line(rest[start...])
            }
            guard rest.count - start > LineSplitter.largestLineByteCount || isSkipping else {
                return nil
            }
            // A line that is too long is refused once; the rest of the line is skipped.
            defer { isSkipping = true }
            start = rest.count
            return isSkipping ? nil : .refused(ChatError.longLine(number + 1))
        }
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> PipedInput.Line {
        let trimmed = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        guard let text = String(validating: trimmed, as: UTF8.self) else {
            return .refused(ChatError.notUTF8(line: number))
        }
        return .text(text)
    }
}
