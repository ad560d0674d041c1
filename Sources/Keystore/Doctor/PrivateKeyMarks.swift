internal import CryptoCore

/// Finds unencrypted private keys by their marks: PEM, OpenSSH, age, PuTTY, and DER.
///
/// The key may be a file of its own or part of another file: quoted, indented, commented out, or
/// with line ends written as `\n`. The mark of a PGP key does not show whether it is encrypted.
public enum PrivateKeyMarks {
    private struct Mark {
        let text: [UInt8]
        /// The first characters of the key's own text, directly after the mark or apart from it.
        let next: [UInt8]
        let isApart: Bool

        init(_ text: String, then next: String = "", isApart: Bool = false) {
            self.text = Array(text.utf8)
            self.next = Array(next.utf8)
            self.isApart = isApart
        }
    }

    private static let marks = [
        // DER in base64. After the mark of an encrypted key, "Proc-Type" follows.
        Mark("-----BEGIN PRIVATE KEY-----", then: "M", isApart: true),
        Mark("-----BEGIN RSA PRIVATE KEY-----", then: "M", isApart: true),
        Mark("-----BEGIN EC PRIVATE KEY-----", then: "M", isApart: true),
        Mark("-----BEGIN DSA PRIVATE KEY-----", then: "M", isApart: true),
        // "openssh-key-v1", and "none" as the cipher.
        Mark(
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            then: "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
            isApart: true
        ),
        Mark("AGE-SECRET-KEY-1"), Mark("AGE-SECRET-KEY-PQ-1"), Mark("Encryption: none"),
    ]
    private static let puTTY = Array("PuTTY-User-Key-File-".utf8)
    /// The number of characters of the key's own text that must follow, so that a text about keys
    /// is not reported.
    private static let keyByteCount = 16
    /// The longest distance between a mark and its key's text, in bytes.
    ///
    /// Whether the bytes contain such a key.
    private static let largestGap = 64
    private static let escapes = ["n", "r", "t"].map { Array($0.utf8) }

    /// Whether the bytes contain an unencrypted private key.
    public static func stand(in content: RawSpan) -> Bool { isDER(content) || isText(content) }

    private static func isText(_ content: RawSpan) -> Bool {
        var isPuTTY = false
        for start in 0..<content.byteCount {
            let first = content.byte(at: start)
            if first == puTTY[0], begins(content, at: start, with: puTTY) { isPuTTY = true }
            for mark in marks where mark.text[0] == first {
                guard begins(content, at: start, with: mark.text) else { continue }
                var next = start + mark.text.count
                if mark.isApart { next = keyText(content, from: next) }
                guard begins(content, at: next, with: mark.next) else { continue }
                let isKey = first == UInt8(ascii: "E") ? isPuTTY : isKeyText(content, at: next)
                if isKey { return true }
            }
        }
        return false
    }

    /// Returns where the key's own text begins: after line ends (as bytes or as `\n`), quotes,
    /// indents and comment signs.
    private static func keyText(_ content: RawSpan, from start: Int) -> Int {
        var place = start
        while place < min(content.byteCount, start + largestGap) {
            switch content.byte(at: place) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                return place
            case UInt8(ascii: "\\")
            where escapes.contains { begins(content, at: place + 1, with: $0) }:
                place += 2
            case UInt8(ascii: "<") where begins(content, at: place, with: Array("<br".utf8)):
                place += 3
            default: place += 1
            }
        }
        return place
    }

    private static func isKeyText(_ content: RawSpan, at start: Int) -> Bool {
        start + keyByteCount <= content.byteCount
            && (start..<(start + keyByteCount)).allSatisfy { index in
                switch content.byte(at: index) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
                    UInt8(ascii: "/"), UInt8(ascii: "="):
                    true
                default: false
                }
            }
    }

    /// PKCS#8 (RFC 5958: version, algorithm, octets) or SEC 1 (version, octets), not encrypted.
    private static func isDER(_ content: RawSpan) -> Bool {
        guard let whole = element(content, at: 0), whole.tag == 0x30,
            whole.end == content.byteCount,
            let version = element(content, at: whole.start), version.tag == 0x02,
            version.end - version.start == 1, content.byte(at: version.start) <= 1,
            let next = element(content, at: version.end)
        else { return false }
        guard next.tag == 0x30 else {
            return next.tag == 0x04 && content.byte(at: version.start) == 1
                && (20...66).contains(next.end - next.start)
        }
        return element(content, at: next.start)?.tag == 0x06
            && element(content, at: next.end)?.tag == 0x04
    }

    /// Returns the DER element that begins at an offset; `nil` if it does not fit into the bytes.
    private static func element(
        _ content: RawSpan,
        at place: Int
    ) -> (tag: UInt8, start: Int, end: Int)? {
        guard place + 2 <= content.byteCount else { return nil }
        var (start, count) = (place + 2, Int(content.byte(at: place + 1)))
        if count > 0x80 {
            let sizeCount = count - 0x80
            guard sizeCount <= 3, start + sizeCount <= content.byteCount else { return nil }
            count = (start..<(start + sizeCount)).reduce(0) { $0 << 8 | Int(content.byte(at: $1)) }
            start += sizeCount
        }
        guard start + count <= content.byteCount else { return nil }
        return (content.byte(at: place), start, start + count)
    }

    private static func begins(_ content: RawSpan, at start: Int, with mark: [UInt8]) -> Bool {
        start + mark.count <= content.byteCount
            && mark.indices.allSatisfy { content.byte(at: start + $0) == mark[$0] }
    }
}
