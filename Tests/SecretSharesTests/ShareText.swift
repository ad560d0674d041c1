import CryptoCore
internal import Failures
import SecretShares

extension Share {
    /// Reads the share of a test, which is not secret.
    convenience init(text: String) throws(SharesError) {
        try self.init(words: Array(text.utf8).borrowedBytes)
    }

    /// The words of the share of a test.
    var text: String { String(decoding: words().publicBytes, as: UTF8.self) }
}

/// The lengths that a secret may have, in bytes.
let secretByteCounts = Array(stride(from: 16, through: 32, by: 2))

/// Divides the secret of a test.
func split(
    _ secret: [UInt8],
    _ threshold: Int,
    of count: Int,
    iterationExponent: Int = 0
) throws -> [Share] {
    try SecretShares.split(
        SecretBytes(copying: secret.borrowedBytes),
        threshold: threshold,
        count: count,
        iterationExponent: iterationExponent
    )
}

/// Returns the secret of the shares, or the code of the error.
func outcome(_ body: () throws -> [Share]) -> String {
    do {
        return Hexadecimal.encode(try SecretShares.combine(body()).publicBytes)
    } catch {
        return (error as? SharesError)?.codeName ?? "\(error)"
    }
}

/// Returns every choice of `count` items.
func choices<Item>(of count: Int, from items: [Item]) -> [[Item]] {
    guard count > 0 else { return [[]] }
    guard let first = items.first, items.count >= count else { return [] }
    let rest = Array(items.dropFirst())
    return choices(of: count - 1, from: rest).map { [first] + $0 } + choices(of: count, from: rest)
}
