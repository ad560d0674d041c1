public import CryptoCore

extension PublicKey {
    /// Returns the fingerprint of old logs: `MD5:` and sixteen bytes in hexadecimal, with colons
    /// (RFC 4716 § 4).
    ///
    /// MD5 is broken, so this is only for finding a key in such a log. Throws `CryptoError` if
    /// OpenSSL fails.
    public func insecureMD5Fingerprint() throws -> String {
        let digest = try InsecureMD5.digest(of: SSHWire.blob(of: rsa))
        return "MD5:" + digest.map { Hexadecimal.encode([$0]) }.joined(separator: ":")
    }

    /// Returns the fingerprint in speakable syllables (Huima, "The Bubble Babble Binary Data
    /// Encoding"), over SHA-1, as `ssh-keygen -B` prints it.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public func bubbleBabbleFingerprint() throws -> String {
        BubbleBabble.encode(try InsecureSHA1.digest(of: SSHWire.blob(of: rsa)))
    }

    /// The first 120 bits of the SHA-256 fingerprint as twelve words that people can read aloud.
    public var fingerprintWords: String {
        WordList.words(for: fingerprint.digest.bytes, count: 12).joined(separator: " ")
    }

    /// The drawing of the fingerprint, as `ssh-keygen -v` prints it.
    public var randomart: String {
        Randomart.draw(fingerprint.digest.bytes, title: "RSA \(rsa.bitCount)", footer: "SHA256")
    }
}

/// Bubble Babble: vowels and consonants in turn, with a checksum between them.
enum BubbleBabble {
    private static let vowels = Array("aeiouy")
    private static let consonants = Array("bcdfghklmnprstvzx")

    static func encode(_ digest: [UInt8]) -> String {
        var text = "x"
        var sum = 1
        let roundCount = digest.count / 2 + 1
        for round in 0..<roundCount {
            guard round + 1 < roundCount || digest.count % 2 != 0 else {
                text += [vowels[sum % 6], consonants[16], vowels[sum / 6]].map(String.init).joined()
                continue
            }
            let first = Int(digest[2 * round])
            text.append(vowels[(first >> 6 & 3 + sum) % 6])
            text.append(consonants[first >> 2 & 15])
            text.append(vowels[(first & 3 + sum / 6) % 6])
            guard round + 1 < roundCount else { continue }
            let second = Int(digest[2 * round + 1])
            text.append(consonants[second >> 4 & 15])
            text.append("-")
            text.append(consonants[second & 15])
            sum = (sum * 5 + first * 7 + second) % 36
        }
        return text + "x"
    }
}

/// The drawing of `ssh-keygen`: a path over a field of 17 by 9 (Loss, Limmer, von Gernler 2009).
enum Randomart {
    private static let columnCount = 17
    private static let rowCount = 9
    private static let symbols = Array(" .o+=*BOX@%&#/^SE")

    static func draw(_ digest: [UInt8], title: String, footer: String) -> String {
        var visits = [Int](repeating: 0, count: columnCount * rowCount)
        let start = (column: columnCount / 2, row: rowCount / 2)
        var (column, row) = start
        let mostVisits = symbols.count - 3  // S and E mark the start and the end
        for byte in digest {
            for move in 0..<4 {
                let bits = byte >> UInt8(2 * move) & 3
                column = min(max(column + (bits & 1 == 0 ? -1 : 1), 0), columnCount - 1)
                row = min(max(row + (bits & 2 == 0 ? -1 : 1), 0), rowCount - 1)
                let index = row * columnCount + column
                visits[index] = min(visits[index] + 1, mostVisits)
            }
        }
        visits[start.row * columnCount + start.column] = symbols.count - 2
        visits[row * columnCount + column] = symbols.count - 1
        var lines = [border(title)]
        for row in 0..<rowCount {
            let cells = visits[(row * columnCount)..<((row + 1) * columnCount)]
            lines.append("|" + String(cells.map { symbols[$0] }) + "|")
        }
        lines.append(border(footer))
        return lines.joined(separator: "\n")
    }

    private static func border(_ text: String) -> String {
        let label = "[\(text)]"
        let left = (columnCount - label.count) / 2
        let right = columnCount - label.count - left
        return "+" + String(repeating: "-", count: left) + label
            + String(repeating: "-", count: right) + "+"
    }
}

/// Sixty digits of two keys.
///
/// Both people see the same digits if each has the other's key (docs/formats.md).
public struct PairNumber: Hashable, Sendable, CustomStringConvertible {
    private static let version: [UInt8] = [0, 0]
    private static let iterationCount = 5_200
    private static let groupCount = 6
    private static let groupByteCount = 5

    /// The digits: twelve groups of five.
    public let description: String

    /// Computes the digits of two keys, in any order; throws `CryptoError` if OpenSSL fails.
    public init(_ first: PublicKey, _ second: PublicKey) throws(CryptoError) {
        let halves = try [PairNumber.half(first), PairNumber.half(second)].sorted()
        let digits = Array(halves.joined())
        description = stride(from: 0, to: digits.count, by: 5)
            .map { String(digits[$0..<($0 + 5)]) }.joined(separator: " ")
    }

    /// Returns thirty digits of one key.
    ///
    /// The hash is iterated, so that finding a key with given digits is expensive.
    private static func half(_ key: PublicKey) throws(CryptoError) -> String {
        var digest = version + key.spkiDER
        for _ in 0..<iterationCount {
            digest = try HashAlgorithm.sha512.digest(of: digest + key.spkiDER)
        }
        var text = ""
        for group in 0..<groupCount {
            let bytes = digest[(group * groupByteCount)..<((group + 1) * groupByteCount)]
            let number = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } % 100_000
            let digits = String(number)
            text += String(repeating: "0", count: 5 - digits.count) + digits
        }
        return text
    }
}
