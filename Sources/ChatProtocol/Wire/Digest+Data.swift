package import CryptoCore
package import FoundationEssentials

extension SHA256Digest {
    /// The bytes of the digest as `Data`, the type of the wire's fields.
    package var data: Data { Data(bytes) }

    /// Reads a digest from the wire; returns `nil` unless it has 32 bytes.
    package init?(_ data: Data) { self.init(bytes: Array(data)) }
}
