internal import CryptoCore

/// Tells by their marks the private keys that are not encrypted, of whatever kind: PEM, OpenSSH, age,
/// PuTTY, and DER.
///
/// In files of their own and within others: quoted, indented, commented out, with the ends of lines
/// written out. Of PGP a mark does not tell whether it is encrypted.
public enum PrivateKeyMarks {
    private struct Mark {
        let text: [UInt8]
        /// What the key's own text begins with, directly after the mark or apart from it.
        let next: [UInt8]
        let isApart: Bool

        init(_ text: String, then next: String = "", isApart: Bool = false) {
            self.text = Array(text.utf8)
            self.next = Array(next.utf8)
            self.isApart = isApart
        }
    }

    private static let marks = [
        // DER in base64; an encrypted one goes on with "Proc-Type".
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
    /// So much of a key's own text has to follow, so that no talk of keys is taken for one.
    private static let keyByteCount = 16
    /// So far apart a mark and its key's text are looked for.
    private static let largestGap = 64
    private static let escapes = ["n", "r", "t"].map { Array($0.utf8) }

    /// Whether there is such a key.
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

    /// Where the key's own text begins: after ends of lines, as bytes or written out, and whatever
    /// quotes, indents, or comments it.
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

    /// The DER element that begins at a place, where it fits in.
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
