internal import CryptoCore

/// A point of several polynomials: one for each byte of its value.
///
/// It is shared by reference, so that memory holds one copy of the value.
final class SecretPoint: Sendable {
    let x: UInt8
    let value: SecretBytes

    init(x: UInt8, value: consuming SecretBytes) {
        self.x = x
        self.value = value
    }

    func byte(at offset: Int) -> UInt8 { value.withBytes { $0.byte(at: offset) } }

    func hasSameValue(as other: SecretPoint) -> Bool {
        value.withBytes { mine in other.value.withBytes { constantTimeEquals(mine, $0) } }
    }
}

/// Shamir's scheme: each byte of a secret has a polynomial, which `threshold` points determine.
enum SecretPolynomial {
    /// The x at which the value is the secret.
    private static let secretX: UInt8 = 255
    /// The x at which the value is a digest of the secret, and the digest's key.
    private static let digestX: UInt8 = 254
    private static let digestByteCount = 4

    /// Divides a secret into the points at x = 0, 1 and so on (SLIP-0039 § "Sharing a secret").
    ///
    /// Throws `CryptoError` if the random source fails.
    static func split(
        _ secret: borrowing SecretBytes,
        threshold: Int,
        count: Int
    ) throws(CryptoError) -> [SecretPoint] {
        // With a threshold of one, each point is the secret, and a digest would check nothing.
        guard threshold > 1 else {
            var copies: [SecretPoint] = []
            for x in 0..<count { copies.append(SecretPoint(x: UInt8(x), value: secret.copy())) }
            return copies
        }
        let byteCount = secret.count
        var points: [SecretPoint] = []
        for x in 0..<(threshold - 2) {
            points.append(SecretPoint(x: UInt8(x), value: try .random(count: byteCount)))
        }
        let key = try SecretBytes.random(count: byteCount - digestByteCount)
        let tag = try HMACSHA256.secretTag(of: secret.bytes, key: key.bytes)
        let digest = SecretBytes(count: byteCount) { view in
            view.copy(tag.bytes.extracting(first: digestByteCount), to: 0)
            view.copy(key.bytes, to: digestByteCount)
        }
        let defining =
            points + [
                SecretPoint(x: digestX, value: digest),
                SecretPoint(x: secretX, value: secret.copy()),
            ]
        for x in points.count..<count {
            points.append(SecretPoint(x: UInt8(x), value: value(at: UInt8(x), through: defining)))
        }
        return points
    }

    /// Returns the secret of exactly as many points as the threshold (SLIP-0039 § "Sharing a
    /// secret").
    ///
    /// Throws `SharesError` if the points are not of the same polynomials.
    static func recover(_ points: [SecretPoint]) throws -> SecretBytes {
        precondition(!points.isEmpty)
        guard points.count > 1 else { return points[0].value.copy() }
        let secret = value(at: secretX, through: points)
        let digest = value(at: digestX, through: points)
        guard try isDigest(digest, of: secret) else { throw SharesError.digestMismatch }
        return secret
    }

    private static func isDigest(
        _ digest: borrowing SecretBytes,
        of secret: borrowing SecretBytes
    ) throws(CryptoError) -> Bool {
        let tag = try HMACSHA256.secretTag(
            of: secret.bytes,
            key: digest.bytes.extracting(droppingFirst: digestByteCount)
        )
        return constantTimeEquals(
            tag.bytes.extracting(first: digestByteCount),
            digest.bytes.extracting(first: digestByteCount)
        )
    }

    /// Returns the values at `x` of the polynomials through points with different x
    /// (SLIP-0039 § "Polynomial interpolation").
    static func value(at x: UInt8, through points: [SecretPoint]) -> SecretBytes {
        let weights = points.map { point in
            points.reduce(1 as UInt8) { weight, other in
                guard other.x != point.x else { return weight }
                let quotient = GaloisField.product(
                    x ^ other.x,
                    GaloisField.inverse(point.x ^ other.x)
                )
                return GaloisField.product(weight, quotient)
            }
        }
        let byteCount = points[0].value.count
        return SecretBytes(count: byteCount) { view in
            for index in 0..<byteCount {
                var sum: UInt8 = 0
                for (point, weight) in zip(points, weights) {
                    sum ^= GaloisField.product(point.byte(at: index), weight)
                }
                view.storeBytes(of: sum, toByteOffset: index, as: UInt8.self)
            }
        }
    }
}
