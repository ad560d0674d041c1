/// Decodes a terminal's bytes into keys; a key may be split over several reads.
///
/// It is a value without I/O. The bytes are UTF-8 in every locale, because a container without a
/// locale is used from the same terminals as other machines.
struct KeyDecoder {
    private static let escape: UInt8 = 0x1B
    private static let pasteStart = "200"
    private static let pasteEnd = Array("\u{1B}[201~".utf8)
    private static let largestSequenceByteCount = 32
    /// The most bytes of pasted text.
    ///
    /// It is larger than a message may be, so that a long text is refused as too long and not cut
    /// without notice.
    private static let largestPasteByteCount = 1 << 20

    /// The first bytes of an incomplete key.
    private var pending: [UInt8] = []
    /// The pasted text so far; `nil` outside of a paste.
    private var pasted: [UInt8]?

    init() {}

    /// Whether a key is incomplete; the caller calls `idle` if no byte follows soon.
    var isHalfway: Bool { !pending.isEmpty && pasted == nil }

    /// Takes bytes and returns the keys that they complete.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes {
            if pasted != nil {
                if let key = paste(byte) { keys.append(key) }
            } else {
                pending.append(byte)
                takePending(&keys)
            }
        }
        return keys
    }

    /// Ends an incomplete key after a pause: a single Esc does nothing, and an incomplete letter
    /// becomes U+FFFD.
    mutating func idle() -> [Key] {
        guard isHalfway else { return [] }
        defer { pending = [] }
        return pending[0] == KeyDecoder.escape ? [] : [.scalar("\u{FFFD}")]
    }

    /// Drops an incomplete key or paste.
    mutating func reset() { self = KeyDecoder() }

    private mutating func paste(_ byte: UInt8) -> Key? {
        guard var text = pasted else { return nil }
        pasted = nil  // otherwise the next line would copy the text
        text.append(byte)
        guard text.ends(with: KeyDecoder.pasteEnd) else {
            // Over the limit, the oldest bytes are dropped. The newest stay, because they may
            // contain the end of the paste.
            if text.count > KeyDecoder.largestPasteByteCount {
                text.remove(at: text.count - KeyDecoder.pasteEnd.count - 1)
            }
            pasted = text
            return nil
        }
        return .paste(String(decoding: text.dropLast(KeyDecoder.pasteEnd.count), as: UTF8.self))
    }

    private mutating func takePending(_ keys: inout [Key]) {
        while let first = pending.first {
            let (length, key) = first == KeyDecoder.escape ? sequence() : character()
            guard length > 0 else { return }
            pending.removeFirst(min(length, pending.count))
            if let key { keys.append(key) }
        }
    }

    /// Returns the number of bytes of the first key, or 0 if more bytes are needed; and the key.
    private mutating func sequence() -> (Int, Key?) {
        guard pending.count > 1 else { return (0, nil) }
        switch pending[1] {
        case UInt8(ascii: "["): return controlSequence()
        case UInt8(ascii: "O"):
            return pending.count > 2 ? (3, KeyDecoder.arrow(pending[2])) : (0, nil)
        case KeyDecoder.escape: return (1, nil)
        case UInt8(ascii: "b"): return (2, .wordLeft)
        case UInt8(ascii: "f"): return (2, .wordRight)
        case UInt8(ascii: "d"): return (2, .deleteNextWord)
        case 0x7F, 0x08: return (2, .deleteWord)
        default: return (1, nil)  // a single Esc; the next byte is a key of its own
        }
    }

    // ECMA-48 § 5.4: parameters, intermediates, one final byte.
    private mutating func controlSequence() -> (Int, Key?) {
        guard pending.count > 2 else { return (0, nil) }
        // The Linux console's function keys: ESC [ [ A.
        if pending[2] == UInt8(ascii: "[") { return pending.count > 3 ? (4, nil) : (0, nil) }
        let body = pending[2...].prefix { (0x20...0x3F).contains($0) }
        guard body.endIndex < pending.count else {
            return (body.count > KeyDecoder.largestSequenceByteCount ? pending.count : 0, nil)
        }
        let final = pending[body.endIndex]
        guard (0x40...0x7E).contains(final) else { return (body.endIndex, nil) }  // incomplete
        let parameters = String(decoding: body, as: UTF8.self).split(separator: ";")
        let length = body.endIndex + 1
        let isModified = parameters.count > 1
        switch (final, parameters.first.map(String.init)) {
        case (UInt8(ascii: "~"), KeyDecoder.pasteStart):
            pasted = []
            return (length, nil)
        case (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): return (length, .home)
        case (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): return (length, .end)
        case (UInt8(ascii: "~"), "3"): return (length, .delete)
        case (UInt8(ascii: "C"), _) where isModified: return (length, .wordRight)
        case (UInt8(ascii: "D"), _) where isModified: return (length, .wordLeft)
        default: return (length, KeyDecoder.arrow(final))
        }
    }

    private static func arrow(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "M"): .enter  // Enter of the number pad
        default: nil
        }
    }

    private func character() -> (Int, Key?) {
        let first = pending[0]
        guard first >= 0x80 else {
            return (1, first < 0x20 || first == 0x7F ? KeyDecoder.control(first) : scalar(1))
        }
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let rest = pending[1...].prefix(length - 1).prefix { (0x80...0xBF).contains($0) }
        if rest.count == length - 1 { return (length, scalar(length)) }
        // An incomplete letter: another byte interrupts it, or more bytes are needed.
        return pending.count > rest.count + 1 ? (rest.count + 1, .scalar("\u{FFFD}")) : (0, nil)
    }

    private func scalar(_ length: Int) -> Key {
        let text = String(decoding: pending.prefix(length), as: UTF8.self)
        return .scalar(text.unicodeScalars.first ?? "\u{FFFD}")
    }

    private static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: .home  // Ctrl-A
        case 0x02: .left  // Ctrl-B
        case 0x03: .interrupt  // Ctrl-C
        case 0x04: .endOfInput  // Ctrl-D
        case 0x05: .end  // Ctrl-E
        case 0x06: .right  // Ctrl-F
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x0B: .deleteToEnd  // Ctrl-K
        case 0x0C: .redraw  // Ctrl-L
        case 0x0E: .down  // Ctrl-N
        case 0x10: .up  // Ctrl-P
        case 0x12: .searchBack  // Ctrl-R
        case 0x15: .deleteToStart  // Ctrl-U
        case 0x17: .deleteWord  // Ctrl-W
        case 0x19: .yank  // Ctrl-Y
        case 0x1A: .suspend  // Ctrl-Z
        default: nil
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with end: [UInt8]) -> Bool {
        last == end.last && suffix(end.count).elementsEqual(end)
    }
}
