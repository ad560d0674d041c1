internal import CryptoCore

/// `jwk`: a JSON Web Key (RFC 7517, RFC 7518 § 6.3).
struct JSONWebKey: KeyFormat {
    let id = "jwk"
    let title = "JSON Web Key"
    let fileExtension = "jwk"
    let content = KeyContent(public: true, private: true)
    let isText = true

    func probe(_ bytes: RawSpan) -> Bool {
        guard bytes.firstCharacter == UInt8(ascii: "{"), let json = try? JSONText.parse(bytes)
        else { return false }
        return json["kty"] != nil
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        [try JSONWebKeyMembers.entry(JSONText.parse(bytes), bytes)]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        guard entries.count == 1 else { throw KeyFormatError.notOneKey }
        return try JSONWebKeyMembers.encode(entries[0], closing: "\n")
    }
}

/// `jwks`: a set of JSON Web Keys (RFC 7517 § 5).
struct JSONWebKeySet: KeyFormat {
    let id = "jwks"
    let title = "JSON Web Key Set"
    let fileExtension = "jwks"
    let content = KeyContent(public: true, private: true, list: true)
    let isText = true

    func probe(_ bytes: RawSpan) -> Bool {
        guard bytes.firstCharacter == UInt8(ascii: "{"), let json = try? JSONText.parse(bytes)
        else { return false }
        return json["keys"] != nil
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        guard case .array(let keys)? = try JSONText.parse(bytes)["keys"] else {
            throw KeyFormatError.damaged("JSON Web Key Set")
        }
        guard keys.count <= KeyWork.largestKeyCount else {
            throw KeyFormatError.tooManyKeys(keys.count)
        }
        var work = KeyWork.file
        return try keys.map { key in
            let entry = try JSONWebKeyMembers.entry(key, bytes)
            if case .privateKey(let key) = entry.material {
                try work.spendOnCheck(of: key.publicKey)
            }
            return entry
        }
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        var text = SecretBytes(text: "{\"keys\":[")
        for (index, entry) in entries.enumerated() {
            let isLast = index == entries.count - 1
            let key = try JSONWebKeyMembers.encode(entry, closing: isLast ? "" : ",")
            text = text.appending(key.bytes)
        }
        return text.appending(Array("]}\n".utf8).borrowedBytes)
    }
}

/// Reads and writes the members of one key.
private enum JSONWebKeyMembers {
    static func entry(_ json: JSONText, _ bytes: RawSpan) throws -> KeyEntry {
        guard let kind = json["kty"]?.string(in: bytes) else {
            throw KeyFormatError.damaged("JSON Web Key")
        }
        let name = json["kid"]?.string(in: bytes) ?? ""
        guard kind == "RSA" else { return KeyEntry(.otherKind("JWK of type \(kind)"), name: name) }
        // The key of an identity signs. A key that its owner keeps for encryption does not.
        if let use = json["use"], use.string(in: bytes) != "sig" {
            return KeyEntry(.otherKind("JWK whose \"use\" is not \"sig\""), name: name)
        }
        let modulus = try number(json, "n", bytes).publicBytes
        let exponent = try number(json, "e", bytes).publicBytes
        guard json["d"] != nil else {
            let key = try RSAPublicKey(modulus: modulus, exponent: exponent)
            return try KeyEntry(.publicKey(PublicKey(key, allowingWeak: true)), name: name)
        }
        guard json["oth"] == nil, json["p"] != nil, json["q"] != nil else {
            throw KeyFormatError.notWritable(
                "the private key in the JWK does not have exactly two primes, p and q"
            )
        }
        let privateExponent = try number(json, "d", bytes)
        let firstPrime = try number(json, "p", bytes)
        let secondPrime = try number(json, "q", bytes)
        let key = try RSAPrivateKey(
            modulus: modulus,
            publicExponent: exponent,
            privateExponent: privateExponent.bytes,
            firstPrime: firstPrime.bytes,
            secondPrime: secondPrime.bytes
        )
        try key.validate()
        return KeyEntry(.privateKey(key), name: name)
    }

    /// Reads a Base64urlUInt (RFC 7518 § 2).
    private static func number(
        _ json: JSONText,
        _ name: String,
        _ bytes: RawSpan
    ) throws -> SecretBytes {
        guard case .plainString(let range)? = json[name], !range.isEmpty else {
            throw KeyFormatError.damaged("\"\(name)\" of the JSON Web Key")
        }
        do {
            return try Base64URL.decode(secret: bytes.extracting(unpadded(range, bytes)))
        } catch { throw KeyFormatError.damaged("\"\(name)\" of the JSON Web Key") }
    }

    /// Returns the range without padding.
    ///
    /// RFC 7515 § 2 leaves padding out, but some programs write it, up to a multiple of four
    /// characters.
    private static func unpadded(_ range: Range<Int>, _ bytes: RawSpan) -> Range<Int> {
        guard range.count.isMultiple(of: 4) else { return range }
        var end = range.upperBound
        while end > range.upperBound - 2, bytes.byte(at: end - 1) == UInt8(ascii: "=") { end -= 1 }
        return range.lowerBound..<end
    }

    static func encode(_ entry: KeyEntry, closing: String) throws -> SecretBytes {
        guard let publicKey = entry.publicKey else { throw KeyFormatError.notOneKey }
        var text = SecretBytes(text: "{" + publicMembers(of: publicKey))
        if case .privateKey(let key) = entry.material {
            let numbers = try RSAComponents(of: key)
            text = append(text, "d", numbers.privateExponent)
            text = append(text, "p", numbers.firstPrime)
            text = append(text, "q", numbers.secondPrime)
            text = append(text, "dp", numbers.firstExponent)
            text = append(text, "dq", numbers.secondExponent)
            text = append(text, "qi", numbers.coefficient)
        }
        return text.appending(Array("}\(closing)".utf8).borrowedBytes)
    }

    static func publicMembers(of key: PublicKey) -> String {
        "\"kty\":\"RSA\",\"kid\":\"\(key.jwkThumbprint)\","
            + "\"n\":\"\(Base64URL.encode(key.rsa.modulus))\","
            + "\"e\":\"\(Base64URL.encode(key.rsa.exponent))\""
    }

    private static func append(
        _ text: borrowing SecretBytes,
        _ name: String,
        _ number: borrowing SecretBytes
    ) -> SecretBytes {
        let value = Base64URL.encode(secret: number.bytes)
        let named = text.appending(Array(",\"\(name)\":\"".utf8).borrowedBytes)
        let valued = named.appending(value.bytes)
        return valued.appending(Array("\"".utf8).borrowedBytes)
    }
}

extension PublicKey {
    /// The key as a JSON Web Key (RFC 7517, RFC 7518 § 6.3.1), on one line without a line feed.
    ///
    /// Its `kid` is the thumbprint.
    public var jwkRepresentation: String { "{\(JSONWebKeyMembers.publicMembers(of: self))}" }

    /// The thumbprint of the key as a JWK (RFC 7638 § 3): SHA-256, as 43 characters of base64url.
    public var jwkThumbprint: String {
        let text =
            "{\"e\":\"\(Base64URL.encode(rsa.exponent))\",\"kty\":\"RSA\","
            + "\"n\":\"\(Base64URL.encode(rsa.modulus))\"}"
        return Base64URL.encode(SHA256Digest(hashing: Array(text.utf8)).bytes)
    }
}
