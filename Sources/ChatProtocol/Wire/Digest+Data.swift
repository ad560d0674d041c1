package import CryptoCore
package import FoundationEssentials

extension SHA256Digest {
    /// The digest as the wire's type for bytes.
    package var data: Data { Data(bytes) }

    /// A digest from the wire; `nil` unless it has 32 bytes.
    package init?(_ data: Data) { self.init(bytes: Array(data)) }
}
