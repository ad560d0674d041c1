internal import CryptoCore

/// The SSH wire form of an RSA public key (RFC 4253 § 6.6): `string "ssh-rsa"`, `mpint e`, `mpint n`.
enum SSHWire {
    static let algorithm = "ssh-rsa"

    static func blob(of key: RSAPublicKey) -> [UInt8] {
        string(Array(algorithm.utf8)) + integer(key.exponent) + integer(key.modulus)
    }

    /// Reads a blob and nothing after it.
    static func key(from blob: [UInt8]) throws(KeyFormatError) -> RSAPublicKey {
        var rest = blob[...]
        guard let name = next(&rest), Array(name) == Array(algorithm.utf8),
            let exponent = next(&rest), let modulus = next(&rest), rest.isEmpty,
            isCanonicalInteger(exponent), isCanonicalInteger(modulus)
        else { throw KeyFormatError.damaged("OpenSSH public key") }
        let der = DER.sequence(DER.integer(Array(modulus)) + DER.integer(Array(exponent)))
        do { return try RSAPublicKey(pkcs1DER: der) } catch {
            throw KeyFormatError.damaged("OpenSSH public key")
        }
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        bigEndian(UInt32(bytes.count)) + bytes
    }

    private static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        string(magnitude.first.map { $0 >= 0x80 } == true ? [0] + magnitude : magnitude)
    }

    // RFC 4251 § 5: positive, no needless leading zero.
    private static func isCanonicalInteger(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first < 0x80 else { return false }
        guard first == 0 else { return true }
        return bytes.dropFirst().first.map { $0 >= 0x80 } ?? false
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= 4 else { return nil }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
    }
}

/// As much DER (X.690) as writing an RSAPublicKey takes.
enum DER {
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        element(0x02, bytes.first.map { $0 >= 0x80 } == true ? [0] + bytes : bytes)
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { element(0x30, content) }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
            .drop { $0 == 0 }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
