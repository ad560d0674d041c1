package import CryptoCore

/// The SSH wire forms (RFC 4251 § 5).
///
/// An RSA public key is `string "ssh-rsa"`, `mpint e`, `mpint n` (RFC 4253 § 6.6).
package enum SSHWire {
    package static let algorithm = "ssh-rsa"

    package static func blob(of key: RSAPublicKey) -> [UInt8] {
        blob(modulus: key.modulus, exponent: key.exponent)
    }

    static func blob(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        string(Array(algorithm.utf8)) + integer(exponent) + integer(modulus)
    }

    /// Reads the blob of an RSA key and nothing after it; throws `KeyFormatError` if it is damaged.
    package static func key(from blob: [UInt8]) throws(KeyFormatError) -> RSAPublicKey {
        let damaged = KeyFormatError.damaged("OpenSSH public key")
        var reader = SSHReader(blob.borrowedBytes)
        guard let name = reader.bytes(), name == Array(algorithm.utf8),
            let exponent = reader.integer(), let modulus = reader.integer(), reader.isAtEnd
        else { throw damaged }
        do {
            return try RSAPublicKey(
                modulus: modulus.publicBytes,
                exponent: exponent.publicBytes
            )
        } catch { throw damaged }
    }

    /// Returns a four-byte length, then the bytes.
    package static func string(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }

    package static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        string(magnitude.first.map { $0 >= 0x80 } == true ? [0] + magnitude : magnitude)
    }

    /// Returns a number in four bytes, big endian.
    package static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}

/// Reads SSH wire forms from bytes that may be secret.
package struct SSHReader: ~Copyable {
    private let text: SecretBytes
    private var position = 0

    package init(_ text: RawSpan) { self.text = SecretBytes(copying: text) }

    /// Whether all bytes were read.
    package var isAtEnd: Bool { position == text.count }

    /// Reads a string as a secret; returns `nil` if too few bytes are left.
    package mutating func string() -> SecretBytes? {
        guard let range = range() else { return nil }
        return SecretBytes(copying: text.bytes.extracting(range))
    }

    /// Reads a string as public bytes; returns `nil` if too few bytes are left.
    package mutating func bytes() -> [UInt8]? {
        guard let content = string() else { return nil }
        return content.publicBytes
    }

    /// Reads a number and returns its magnitude; `nil` unless it is positive and canonical (RFC
    /// 4251 § 5).
    package mutating func integer() -> SecretBytes? {
        guard let range = range(), let first = range.first, text.bytes.byte(at: first) < 0x80 else {
            return nil
        }
        guard text.bytes.byte(at: first) == 0 else {
            return SecretBytes(copying: text.bytes.extracting(range))
        }
        guard range.count > 1, text.bytes.byte(at: first + 1) >= 0x80 else { return nil }
        return SecretBytes(copying: text.bytes.extracting(range.dropFirst()))
    }

    /// Reads one byte; returns `nil` at the end.
    package mutating func byte() -> UInt8? {
        guard position < text.count else { return nil }
        defer { position += 1 }
        return text.bytes.byte(at: position)
    }

    /// Reads four bytes as a number; returns `nil` if fewer are left.
    package mutating func number() -> Int? {
        guard text.count - position >= 4 else { return nil }
        var value = 0
        for _ in 0..<4 {
            value = value << 8 | Int(text.bytes.byte(at: position))
            position += 1
        }
        return value
    }

    /// Reads all remaining bytes.
    package mutating func rest() -> SecretBytes {
        defer { position = text.count }
        return SecretBytes(copying: text.bytes.extracting(position..<text.count))
    }

    private mutating func range() -> Range<Int>? {
        let start = position
        guard let count = number(), count <= text.count - position else {
            position = start
            return nil
        }
        defer { position += count }
        return position..<(position + count)
    }
}
