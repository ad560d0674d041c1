public import CryptoCore

extension ToBeSigned {
    /// Returns the whole structure as DER, signed by `key`; throws the error of the key.
    public func signed(by key: any SigningKey) throws -> [UInt8] {
        switch algorithm {
        case .pssSHA384:
            return assembled(with: try key.sign(.statement(content)))
        case .pkcs1SHA256:
            let digest = try HashAlgorithm.sha256.digest(of: content)
            return assembled(with: try key.sign(.digest(digest, .pkcs1(.sha256))))
        }
    }
}
