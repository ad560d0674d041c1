internal import CryptoCore
internal import KeyFormats

/// A private key with OpenSSL's old encryption, which is read but never written.
enum LegacyPEMSeed {
    private static let vector: [UInt8] = Array(0..<16)
    private static let saltByteCount = 8

    /// The file; empty if it cannot be made.
    static let text: [UInt8] = (try? make()) ?? []

    private static func make() throws -> [UInt8] {
        let key = try FuzzKeys.passphrase.bytes.withBytes { passphrase in
            try InsecureMD5.key(
                from: passphrase,
                salt: Array(vector.prefix(saltByteCount)),
                count: BlockCipher.aes128CBC.keyByteCount
            )
        }
        let plain = try FuzzKeys.alice.pkcs1DERRepresentation()
        let sealed = try BlockCipher.aes128CBC.encrypt(
            plain.bytes,
            key: key.bytes,
            vector: vector,
            padding: .pkcs7
        )
        let label = "RSA PRIVATE KEY"
        let block = PEM.encode(sealed.publicBytes, label: label)
        let begin = "-----BEGIN \(label)-----\n"
        let headers =
            "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
            + "\(Hexadecimal.encode(vector).uppercased())\n\n"
        return Array((begin + headers + block.dropFirst(begin.count)).utf8)
    }
}
