public import CryptoCore

extension RSAWeakness {
    /// The weakness as a sentence for users.
    public var reason: String {
        switch self {
        case .shortModulus(let bitCount):
            "it has \(bitCount) bits, and at least \(RSAPublicKey.smallestBitCount) are needed"
        case .longModulus(let bitCount):
            "it has \(bitCount) bits, and at most \(RSAWeakness.largestExaminedBitCount) are "
                + "accepted"
        case .evenExponent: "its public exponent is even, so it cannot work"
        case .smallExponent: "its public exponent is below 65537"
        case .hugeExponent: "its public exponent is longer than 256 bits"
        case .smallFactor(2): "its modulus is even"
        case .smallFactor(let factor): "its modulus has the small factor \(factor)"
        case .primeModulus: "its modulus is a prime, so anybody can compute the private key"
        case .closePrimes: "its two primes are so close that Fermat's method finds them"
        case .roca: "it was made by an Infineon chip with the ROCA fault (CVE-2017-15361)"
        }
    }

    /// The stable name of the weakness, for programs.
    public var codeName: String {
        switch self {
        case .shortModulus: "short-modulus"
        case .longModulus: "long-modulus"
        case .evenExponent: "even-exponent"
        case .smallExponent: "small-exponent"
        case .hugeExponent: "huge-exponent"
        case .smallFactor: "small-factor"
        case .primeModulus: "prime-modulus"
        case .closePrimes: "close-primes"
        case .roca: "roca"
        }
    }
}

/// A reason to refuse a key: a fault of the key alone, or found by comparing it.
public struct KeyWeakness: Sendable, Hashable {
    /// The reason as a sentence for users.
    public let reason: String
    /// The stable name of the reason, for programs.
    public let codeName: String

    /// The private half of the key was published.
    package static func compromised(_ source: String) -> KeyWeakness {
        KeyWeakness(reason: "its private key is publicly known: \(source)", codeName: "compromised")
    }

    /// The modulus shares a prime factor with another key's modulus, so both keys are broken.
    package static func sharedFactor(with name: String) -> KeyWeakness {
        KeyWeakness(
            reason: "its modulus has a prime factor in common with the key of \"\(name)\": "
                + "anybody can compute both private keys",
            codeName: "shared-factor"
        )
    }

    /// The modulus equals another key's modulus, so each owner has the other's private key.
    package static func sharedModulus(with name: String) -> KeyWeakness {
        KeyWeakness(
            reason:
                "its modulus is also that of the key of \"\(name)\": their private keys are the "
                + "same, too",
            codeName: "shared-modulus"
        )
    }
}

/// Examines foreign keys for weaknesses before they are trusted.
///
/// It finds lengths outside of 2,048 to 8,192 bits, bad exponents, small or close prime factors, the
/// ROCA fault, published private keys, and factors in common with known keys. A key of 2,048 bits
/// takes some milliseconds.
public struct KeyExamination: Sendable {
    private var known: [(name: String, keyDER: [UInt8])]
    private let compromised: CompromisedKeys

    /// Compares with known keys, given as SubjectPublicKeyInfo.
    public init(known: [(name: String, keyDER: [UInt8])], compromised: CompromisedKeys) {
        self.known = known
        self.compromised = compromised
    }

    /// The number of keys with which each key is compared.
    package var knownCount: Int { known.count }

    /// Adds a key, with which all later keys are compared.
    package mutating func learn(_ key: PublicKey, of name: String) {
        known.append((name, key.spkiDER))
    }

    /// Forgets the added keys after the first `count` known keys.
    package mutating func forget(after count: Int) {
        known.removeLast(max(known.count - count, 0))
    }

    /// Returns every weakness of a key; throws `CryptoError` if a known key is damaged.
    public func weaknesses(of key: PublicKey) throws -> [KeyWeakness] {
        var found = try RSAWeakness.all(in: key.rsa).map {
            KeyWeakness(reason: $0.reason, codeName: $0.codeName)
        }
        if let source = compromised.source(of: key.fingerprint) {
            found.append(.compromised(source))
        }
        // A small factor is shared with every key that has it, so reporting it once is enough.
        // Comparing a modulus that is too long would cost too much.
        let isToldEnough = found.contains {
            $0.codeName == "small-factor" || $0.codeName == "long-modulus"
        }
        guard !isToldEnough else { return found }
        let others = known.filter { $0.keyDER != key.spkiDER }
        let moduli = try others.map { try RSAPublicKey.modulus(ofSPKI: $0.keyDER) }
        if let index = try RSAWeakness.sharedFactor(of: key.rsa, with: moduli) {
            let name = others[index].name
            let isSame = moduli[index] == key.rsa.modulus
            found.append(isSame ? .sharedModulus(with: name) : .sharedFactor(with: name))
        }
        return found
    }

    /// Throws `KeyFormatError` with the first weakness of a key.
    public func requireStrong(_ key: PublicKey) throws {
        guard let first = try weaknesses(of: key).first else { return }
        throw KeyFormatError.weakKey(first.reason, code: first.codeName)
    }
}
