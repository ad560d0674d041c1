public import CryptoCore

/// RSA keys that are made once for a test run, because making a key takes a while.
public enum TestKeys {
    /// Keys of 2048 bits, all different.
    public static let all: [RSAPrivateKey] = (0..<6).compactMap { _ in
        try? RSAPrivateKey.generate(bitCount: 2048)
    }
}
