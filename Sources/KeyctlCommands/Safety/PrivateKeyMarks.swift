/// Tells by their marks the private keys that are not encrypted, of whatever kind: PEM, OpenSSH, age,
/// PuTTY, and DER.
///
/// Indented, quoted, and with either end of lines. Of PGP a mark does not tell whether it is encrypted.
struct PrivateKeyMarks {
    /// How a line begins, and the line after it, so many lines later at most.
    private struct Mark {
        let first: [UInt8]
        let second: [UInt8]
        let distance: Int

        init(_ first: String, then second: String = "", within distance: Int = 1) {
            self.first = Array(first.utf8)
            self.second = Array(second.utf8)
            self.distance = distance
        }
    }

    private static let marks = [
        // DER in base64; an encrypted one goes on with "Proc-Type".
        Mark("-----BEGIN PRIVATE KEY-----", then: "M"),
        Mark("-----BEGIN RSA PRIVATE KEY-----", then: "M"),
        Mark("-----BEGIN EC PRIVATE KEY-----", then: "M"),
        Mark("-----BEGIN DSA PRIVATE KEY-----", then: "M"),
        // "openssh-key-v1", and "none" as the cipher.
        Mark(
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            then: "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
        ),
        Mark("AGE-SECRET-KEY-1"), Mark("AGE-SECRET-KEY-PQ-1"),
        Mark("PuTTY-User-Key-File-", then: "Encryption: none", within: 3),
    ]

    /// Within a string of JSON and the like, where the end of a line is written out.
    private static let quoted = ["", "RSA ", "EC ", "DSA "].map {
        Array("-----BEGIN \($0)PRIVATE KEY-----\\nM".utf8)
    }

    /// Whether a file holds such a key.
    static func stand(in content: RawSpan) -> Bool {
        isDER(content) || isText(content)
            || (0..<content.byteCount).contains { start in
                byte(content, start) == UInt8(ascii: "-")
                    && quoted.contains { begins(content, at: start, with: $0) }
            }
    }

    private static func isText(_ content: RawSpan) -> Bool {
        // Marks whose first line was seen, and how many lines their second may still be away.
        var waiting: [(second: [UInt8], lines: Int)] = []
        var start = 0
        while start < content.byteCount {
            let begin = skipIndent(content, from: start)
            if waiting.contains(where: { begins(content, at: begin, with: $0.second) }) {
                return true
            }
            waiting = waiting.map { ($0.second, $0.lines - 1) }.filter { $0.lines > 0 }
            for mark in marks where begins(content, at: begin, with: mark.first) {
                guard !mark.second.isEmpty else { return true }
                waiting.append((mark.second, mark.distance))
            }
            while start < content.byteCount, byte(content, start) != UInt8(ascii: "\n") {
                start += 1
            }
            start += 1
        }
        return false
    }

    /// PKCS#8 (RFC 5958: a version, an algorithm) or SEC 1 (a version, the key), not encrypted.
    private static func isDER(_ content: RawSpan) -> Bool {
        guard content.byteCount > 8, byte(content, 0) == 0x30 else { return false }
        let long = byte(content, 1)
        let start = 2 + (long > 0x80 ? Int(long - 0x80) : 0)
        guard long != 0x80, start + 4 <= content.byteCount, byte(content, start) == 0x02,
            byte(content, start + 1) == 0x01, byte(content, start + 2) <= 1
        else { return false }
        let next = byte(content, start + 3)
        return next == 0x30 || next == 0x04 && byte(content, start + 2) == 1
    }

    private static func skipIndent(_ content: RawSpan, from start: Int) -> Int {
        var start = start
        while start < content.byteCount, [0x20, 0x09, 0x22, 0x27].contains(byte(content, start)) {
            start += 1
        }
        return start
    }

    private static func begins(_ content: RawSpan, at start: Int, with mark: [UInt8]) -> Bool {
        start + mark.count <= content.byteCount
            && mark.indices.allSatisfy { byte(content, start + $0) == mark[$0] }
    }

    private static func byte(_ content: RawSpan, _ index: Int) -> UInt8 {
        precondition(index >= 0 && index < content.byteCount)
        // SAFETY: the index was held against the content's size.
        return unsafe content.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
