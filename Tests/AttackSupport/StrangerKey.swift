package import CryptoCore

/// Keys of people who are registered nowhere.
package enum StrangerKey {
    /// A key that is made once for a test run.
    package static let shared = generate()
    /// Another such key.
    package static let second = generate()

    private static func generate() -> RSAPrivateKey {
        do { return try RSAPrivateKey.generate(bitCount: 2_048) } catch {
            preconditionFailure("OpenSSL makes no key: \(error)")
        }
    }
}
