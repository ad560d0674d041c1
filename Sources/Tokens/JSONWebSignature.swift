public import CryptoCore
internal import KeyFormats
public import KeyOperations

/// A JSON Web Signature in its compact form (RFC 7515), RSA with SHA-256 or SHA-512.
public struct JSONWebSignature: Sendable {
    /// The algorithms that are taken (RFC 7518 § 3.1).
    ///
    /// PS384 is kept for this project's own structures, `none` is no signature, and the HMAC ones
    /// are no matter of public keys.
    public enum Algorithm: String, Sendable, CaseIterable {
        /// RSASSA-PSS with SHA-256.
        case ps256 = "PS256"
        /// RSASSA-PSS with SHA-512.
        case ps512 = "PS512"
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = "RS256"
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        case rs512 = "RS512"

        var scheme: SignatureScheme {
            switch self {
            case .ps256: .pss(.sha256)
            case .ps512: .pss(.sha512)
            case .rs256: .pkcs1(.sha256)
            case .rs512: .pkcs1(.sha512)
            }
        }
    }

    /// Largest token that is read.
    public static let largestByteCount = 1 << 20

    /// How it is signed, as its header says.
    public let algorithm: Algorithm
    /// Which key signed it, as its header says.
    public let keyID: String?
    /// What is signed.
    public let payload: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Signs a payload; the header names the key by its thumbprint (RFC 7638).
    public init(
        signing payload: [UInt8],
        key: any SigningKey,
        algorithm: Algorithm
    ) throws {
        let thumbprint = try PublicKey(key.publicKey, allowingWeak: true).jwkThumbprint
        let header =
            "{\"alg\":\"\(algorithm.rawValue)\",\"kid\":\"\(thumbprint)\",\"typ\":\"JWT\"}"
        signed = Array(
            "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(payload))".utf8
        )
        let digest = try algorithm.scheme.hash.digest(of: signed)
        signature = try key.sign(.digest(digest, algorithm.scheme))
        self.algorithm = algorithm
        keyID = thumbprint
        self.payload = payload
    }

    /// Reads a token; throws `TokenError` for anything but three parts of base64url, a header that
    /// names one of our algorithms, and no extension that must be understood.
    public init(compact text: [UInt8]) throws {
        let damaged = TokenError.damaged("this is not a signed token (JWS, compact form)")
        guard text.count <= JSONWebSignature.largestByteCount else { throw damaged }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw damaged }
        guard let json = try? JSONText.parse(header.borrowedBytes),
            let name = json["alg"]?.string(in: header.borrowedBytes)
        else { throw damaged }
        guard let algorithm = Algorithm(rawValue: name) else {
            throw TokenError.notVerified(
                "the token's algorithm is \(Printable.text(name, limit: 32))",
                hint: "only PS256, PS512, RS256 and RS512 are accepted"
            )
        }
        // RFC 7515 § 4.1.11: what must be understood, and is not.
        guard json["crit"] == nil else {
            throw TokenError.notVerified("the token needs an extension that is not known here")
        }
        self.algorithm = algorithm
        keyID = json["kid"]?.string(in: header.borrowedBytes)
        self.payload = payload
        self.signature = signature
        signed = Array(parts[0] + [UInt8(ascii: ".")] + parts[1])
    }

    /// The token.
    public var compact: String {
        String(decoding: signed, as: UTF8.self) + "." + Base64URL.encode(signature)
    }

    /// The signature's own digest, as a log would record it.
    public var signatureDigest: SHA256Digest { SHA256Digest(hashing: signature) }

    /// Whether this key signed it.
    public func isSigned(by key: RSAPublicKey) -> Bool {
        guard let digest = try? algorithm.scheme.hash.digest(of: signed) else { return false }
        return key.isValidSignature(signature, ofDigest: digest, scheme: algorithm.scheme)
    }
}

/// The times of a JSON Web Token (RFC 7519 § 4.1).
public struct TokenTimes: Sendable {
    /// After this it must not be taken.
    public let expires: Int64?
    /// Before this it must not be taken.
    public let notBefore: Int64?

    /// Reads `exp` and `nbf` from a payload.
    ///
    /// Throws `TokenError` where the payload is a JSON object that cannot be read, or one of them is
    /// no number; a payload that is something else has no times.
    public init(payload: [UInt8]) throws {
        guard payload.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
            expires = nil
            notBefore = nil
            return
        }
        // An object that cannot be read may have ended long ago.
        guard let json = try? JSONText.parse(payload.borrowedBytes) else {
            throw TokenError.damaged(
                "the payload of the token is not a JSON object that can be read"
            )
        }
        func time(_ name: String, _ rule: FloatingPointRoundingRule) throws -> Int64? {
            guard let value = json[name] else { return nil }
            if let seconds = value.integer(in: payload.borrowedBytes) { return seconds }
            // RFC 7519 § 2: a NumericDate may have a fraction.
            guard let number = value.double(in: payload.borrowedBytes),
                let seconds = Int64(exactly: number.rounded(rule))
            else { throw TokenError.damaged("the token's \"\(name)\" is not a number") }
            return seconds
        }
        expires = try time("exp", .down)
        notBefore = try time("nbf", .up)
    }

    /// Throws `TokenError` unless `now` lies between them, give or take `clockSkew` seconds.
    public func require(now: Int64, clockSkew: Int64) throws {
        if let expires, now.subtractingReportingOverflow(clockSkew).partialValue >= expires {
            throw TokenError.notVerified("the token has expired")
        }
        if let notBefore, now.addingReportingOverflow(clockSkew).partialValue < notBefore {
            throw TokenError.notVerified("the token is not valid yet")
        }
    }
}
