internal import CryptoCore

/// A way to write a public key down.
///
/// The built-in ones stand in `PublicKeyFormats.all`.
public protocol PublicKeyFormat: Sendable {
    /// The stable name for `--format`.
    var id: String { get }
    /// The file extension, without the dot.
    var fileExtension: String { get }
    /// The key in these bytes; `nil` where they are of another format, an error where they are of
    /// this one and broken.
    func decode(_ bytes: [UInt8]) throws -> PublicKey?
    /// The key in this format, with a comment where the format has room for one.
    func encode(_ key: PublicKey, comment: String) throws -> [UInt8]
}

/// The table of public key formats.
public enum PublicKeyFormats {
    /// Every format, in the order in which they are tried.
    public static let all: [any PublicKeyFormat] = [
        SubjectPublicKeyInfoPEM(), SubjectPublicKeyInfoDER(), PKCS1PEM(), OpenSSHLine(),
    ]

    /// The format with this id.
    public static func named(_ id: String) -> (any PublicKeyFormat)? {
        all.first { $0.id == id }
    }

    /// The public key in these bytes, whatever its format; X.509 certificates too.
    public static func decode(_ bytes: [UInt8]) throws -> PublicKey {
        for format in all {
            if let key = try format.decode(bytes) { return key }
        }
        guard let key = try CertificateKey.decode(bytes) else {
            throw KeyFormatError.unknownFormat
        }
        return key
    }
}

/// `pem`: SubjectPublicKeyInfo in PEM (RFC 7468 § 13).
struct SubjectPublicKeyInfoPEM: PublicKeyFormat {
    let id = "pem"
    let fileExtension = "pub"

    func decode(_ bytes: [UInt8]) throws -> PublicKey? {
        guard let block = try PEM.block(in: bytes.borrowedBytes), block.label == "PUBLIC KEY"
        else { return nil }
        return try PublicKey(
            RSAPublicKey(spkiDER: PEM.bytes(of: block, in: bytes.borrowedBytes).publicBytes)
        )
    }

    func encode(_ key: PublicKey, comment: String) throws -> [UInt8] {
        Array(PEM.encode(key.spkiDER, label: "PUBLIC KEY").utf8)
    }
}

/// `der`: SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7); PKCS#1 DER is read too.
struct SubjectPublicKeyInfoDER: PublicKeyFormat {
    let id = "der"
    let fileExtension = "der"

    func decode(_ bytes: [UInt8]) throws -> PublicKey? {
        guard bytes.first == 0x30 else { return nil }
        if let key = try? RSAPublicKey(spkiDER: bytes) { return try PublicKey(key) }
        if let key = try? RSAPublicKey(pkcs1DER: bytes) { return try PublicKey(key) }
        return nil
    }

    func encode(_ key: PublicKey, comment: String) throws -> [UInt8] { key.spkiDER }
}

/// `pkcs1`: RSAPublicKey in PEM (RFC 8017 § A.1.1).
struct PKCS1PEM: PublicKeyFormat {
    let id = "pkcs1"
    let fileExtension = "pem"

    func decode(_ bytes: [UInt8]) throws -> PublicKey? {
        guard let block = try PEM.block(in: bytes.borrowedBytes), block.label == "RSA PUBLIC KEY"
        else { return nil }
        return try PublicKey(
            RSAPublicKey(pkcs1DER: PEM.bytes(of: block, in: bytes.borrowedBytes).publicBytes)
        )
    }

    func encode(_ key: PublicKey, comment: String) throws -> [UInt8] {
        try Array(PEM.encode(key.rsa.pkcs1DERRepresentation(), label: "RSA PUBLIC KEY").utf8)
    }
}

/// `ssh`: the one-line form of `id_rsa.pub` (RFC 4253 § 6.6 in base64, and a comment).
struct OpenSSHLine: PublicKeyFormat {
    let id = "ssh"
    let fileExtension = "pub"

    func decode(_ bytes: [UInt8]) throws -> PublicKey? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(SSHWire.algorithm + " ") else { return nil }
        let lines = text.split(whereSeparator: \.isNewline)
        let fields = lines[0].split(separator: " ", maxSplits: 2)
        guard lines.count == 1, fields.count >= 2, let blob = Base64.decode(fields[1]) else {
            throw KeyFormatError.damaged("OpenSSH public key")
        }
        return try PublicKey(SSHWire.key(from: blob))
    }

    func encode(_ key: PublicKey, comment: String) throws -> [UInt8] {
        let line = "\(SSHWire.algorithm) \(Base64.encode(SSHWire.blob(of: key.rsa)))"
        return Array((comment.isEmpty ? line : "\(line) \(comment)").utf8) + [UInt8(ascii: "\n")]
    }
}

/// The subject's key of an X.509 certificate: the certificate itself is not trusted for anything.
enum CertificateKey {
    static func decode(_ bytes: [UInt8]) throws -> PublicKey? {
        let der: [UInt8]
        if let block = try PEM.block(in: bytes.borrowedBytes) {
            guard block.label == "CERTIFICATE" else { return nil }
            der = try PEM.bytes(of: block, in: bytes.borrowedBytes).publicBytes
        } else {
            guard bytes.first == 0x30 else { return nil }
            der = bytes
        }
        guard let certificate = try? X509Certificate(der: der) else { return nil }
        return try PublicKey(RSAPublicKey(spkiDER: certificate.subjectPublicKeyDER()))
    }
}
