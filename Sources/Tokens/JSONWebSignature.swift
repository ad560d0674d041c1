public import CryptoCore
internal import KeyFormats
public import KeyOperations

/// A JSON Web Signature in the compact form (RFC 7515), by RSA with SHA-256 or SHA-512.
public struct JSONWebSignature: Sendable {
    /// The algorithms that are accepted (RFC 7518 § 3.1).
    ///
    /// PS384 is left out because this project's own structures use its scheme. `none` is not a
    /// signature, and HMAC has no public keys.
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

    /// The largest token that is read, in bytes.
    public static let largestByteCount = 1 << 20

    /// The algorithm in the header.
    public let algorithm: Algorithm
    /// The key's thumbprint in the header (`kid`), if there is one.
    public let keyID: String?
    /// The signed payload.
    public let payload: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Signs a payload.
    ///
    /// The header names the key by its thumbprint (RFC 7638).
    ///
    /// Throws `CryptoError` if OpenSSL fails.
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

    /// Reads a token.
    ///
    /// Throws `TokenError` unless it has three parts of base64url and a header with an accepted
    /// algorithm and without `crit`.
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
        // RFC 7515 § 4.1.11: `crit` lists extensions that must be understood; we know none.
        guard json["crit"] == nil else {
            throw TokenError.notVerified("the token needs an extension that is not known here")
        }
        self.algorithm = algorithm
        keyID = json["kid"]?.string(in: header.borrowedBytes)
        self.payload = payload
        self.signature = signature
        signed = Array(parts[0] + [UInt8(ascii: ".")] + parts[1])
    }

    /// The token as text.
    public var compact: String {
        String(decoding: signed, as: UTF8.self) + "." + Base64URL.encode(signature)
    }

    /// The digest of the signature itself, which a registry would log.
    public var signatureDigest: SHA256Digest { SHA256Digest(hashing: signature) }

    /// Returns whether this key made the signature.
    public func isSigned(by key: RSAPublicKey) -> Bool {
        guard let digest = try? algorithm.scheme.hash.digest(of: signed) else { return false }
        return key.isValidSignature(signature, ofDigest: digest, scheme: algorithm.scheme)
    }
}

/// The times of a JSON Web Token (RFC 7519 § 4.1).
public struct TokenTimes: Sendable {
    /// The time after which the token must not be accepted (`exp`), in seconds since 1970.
    public let expires: Int64?
    /// The time before which the token must not be accepted (`nbf`), in seconds since 1970.
    public let notBefore: Int64?

    /// Reads `exp` and `nbf` from a payload.
    ///
    /// A payload that is not a JSON object has no times.
    ///
    /// Throws `TokenError` if the object cannot be read, or if one of the times is not a number.
    public init(payload: [UInt8]) throws {
        guard payload.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
            expires = nil
            notBefore = nil
            return
        }
        // A token with an unreadable object may have expired long ago.
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

    /// Throws `TokenError` unless `now` is between the two times, give or take `clockSkew` seconds.
    public func require(now: Int64, clockSkew: Int64) throws {
        if let expires, now.subtractingReportingOverflow(clockSkew).partialValue >= expires {
            throw TokenError.notVerified("the token has expired")
        }
        if let notBefore, now.addingReportingOverflow(clockSkew).partialValue < notBefore {
            throw TokenError.notVerified("the token is not valid yet")
        }
    }
}
