internal import CryptoCore

/// The plaintext of a sealed file: for each private key its version (4 bytes, big endian), its
/// length (4 bytes, big endian) and its PKCS#8 bytes.
enum PrivateKeyList {
    private static let headByteCount = 8

    static func encode(
        _ keys: [(number: Int, key: RSAPrivateKey)]
    ) throws(CryptoError) -> SecretBytes {
        // The buffer grows with each key. The old buffer is cleansed at each step.
        var list = SecretBytes(copying: [UInt8]().borrowedBytes)
        for (number, key) in keys {
            let der = try key.pkcs8DERRepresentation()
            let before = list.count
            let grown = SecretBytes(count: before + headByteCount + der.count) { view in
                view.copy(list.bytes, to: 0)
                view.storeBytes(of: UInt32(number).bigEndian, toByteOffset: before, as: UInt32.self)
                view.storeBytes(
                    of: UInt32(der.count).bigEndian,
                    toByteOffset: before + 4,
                    as: UInt32.self
                )
                view.copy(der.bytes, to: before + headByteCount)
            }
            list = grown
        }
        return list
    }

    static func decode(
        _ list: RawSpan
    ) throws(CryptoError) -> [(number: Int, key: RSAPrivateKey)] {
        var keys: [(number: Int, key: RSAPrivateKey)] = []
        var position = 0
        while position < list.byteCount {
            // Without a passphrase, a person who can write the file can seal a list of their own.
            guard list.byteCount - position >= headByteCount else {
                throw CryptoError.malformed("list of private keys")
            }
            let number = integer(list, position)
            let count = integer(list, position + 4)
            position += headByteCount
            guard count <= list.byteCount - position else {
                throw CryptoError.malformed("list of private keys")
            }
            let der = list.extracting(position..<(position + count))
            keys.append((number, try RSAPrivateKey(der: der)))
            position += count
        }
        return keys
    }

    private static func integer(_ list: RawSpan, _ position: Int) -> Int {
        // SAFETY: the caller checked the offset.
        Int(
            UInt32(
                bigEndian: unsafe list.unsafeLoadUnaligned(
                    fromByteOffset: position,
                    as: UInt32.self
                )
            )
        )
    }
}
