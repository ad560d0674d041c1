package import CryptoCore

/// The key of somebody who is registered nowhere.
package enum StrangerKey {
    /// Made once a test run.
    package static let shared = generate()
    /// Another one.
    package static let second = generate()

    private static func generate() -> RSAPrivateKey {
        do { return try RSAPrivateKey.generate(bitCount: 2_048) } catch {
            preconditionFailure("OpenSSL makes no key: \(error)")
        }
    }
}
