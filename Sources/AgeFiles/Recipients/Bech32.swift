internal import CryptoCore

/// Bech32 (BIP 173) without its limit of 90 characters, as age writes its keys.
enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let generator: [UInt32] = [
        0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
    ]
    private static let checksumCount = 6
    private static let groupBitCount = 5
    /// Longer than the longest key, a recipient of 1,216 bytes: 1,959 characters.
    static let largestCharacterCount = 4096

    /// Decodes a text that is all lower case or all upper case; returns `nil` for anything else.
    ///
    /// The data comes back in cleansed memory: it may be a private key.
    static func decode(
        _ text: RawSpan,
        limit: Int = largestCharacterCount
    ) -> (prefix: String, data: BechData)? {
        guard text.byteCount <= limit else { return nil }
        let secret = SecretBytes(copying: text)
        var hasLower = false
        var hasUpper = false
        var separator: Int?
        for index in 0..<secret.count {
            let character = secret.bytes.byte(at: index)
            guard (33...126).contains(character) else { return nil }
            if (97...122).contains(character) { hasLower = true }
            if (65...90).contains(character) { hasUpper = true }
            if character == UInt8(ascii: "1") { separator = index }
        }
        guard !(hasLower && hasUpper), let separator, separator > 0,
            secret.count - separator - 1 >= checksumCount
        else { return nil }
        let prefix = (0..<separator).map { lowered(secret.bytes.byte(at: $0)) }
        let count = secret.count - separator - 1
        var isValid = true
        let values = SecretBytes(count: count) { view in
            for index in 0..<count {
                let character = lowered(secret.bytes.byte(at: separator + 1 + index))
                guard let value = alphabet.firstIndex(of: character) else {
                    isValid = false
                    return
                }
                view.storeBytes(of: UInt8(value), toByteOffset: index, as: UInt8.self)
            }
        }
        guard isValid, polymod(expanded(prefix), values) == 1 else { return nil }
        guard let data = BechData(regrouping: values, count: count - checksumCount) else {
            return nil
        }
        return (String(decoding: prefix, as: UTF8.self), data)
    }

    /// Decodes a public key in lower case; returns `nil` for another prefix or length.
    static func publicKey(_ text: String, prefix: String, byteCount: Int) -> [UInt8]? {
        guard text == text.lowercased(), let found = decode(Array(text.utf8).borrowedBytes),
            found.prefix == prefix, found.data.bytes.count == byteCount
        else { return nil }
        return found.data.bytes.publicBytes
    }

    /// Decodes a secret key in lower or upper case; returns `nil` for another prefix.
    static func secret(_ text: RawSpan, prefix: String) -> BechData? {
        guard let found = decode(text), found.prefix == prefix else { return nil }
        return found.data
    }

    /// Encodes public data in lower case.
    static func encode(prefix: String, _ data: [UInt8]) -> String {
        let text = secretText(prefix: prefix, data.borrowedBytes).publicBytes
        return String(decoding: text.map(lowered), as: UTF8.self)
    }

    /// Encodes a secret in upper case, as age writes identities.
    static func secretText(prefix: String, _ data: RawSpan) -> SecretBytes {
        let heading = Array("\(prefix)1".utf8)
        let groupCount = (data.byteCount * 8 + groupBitCount - 1) / groupBitCount
        // The checksum is computed over the groups with zeros in its place; then it is written
        // there.
        let groups = SecretBytes(count: groupCount + checksumCount) { write(data, to: &$0) }
        let sum = polymod(expanded(Array(prefix.utf8)), groups) ^ 1
        return SecretBytes(count: heading.count + groups.count) { view in
            for index in heading.indices {
                view.storeBytes(of: raised(heading[index]), toByteOffset: index, as: UInt8.self)
            }
            for index in 0..<groups.count {
                let shift = UInt32(groupBitCount * (groups.count - 1 - index))
                let group =
                    index < groupCount ? groups.bytes.byte(at: index) : UInt8(sum >> shift & 31)
                view.storeBytes(
                    of: raised(alphabet[Int(group)]),
                    toByteOffset: heading.count + index,
                    as: UInt8.self
                )
            }
        }
    }

    /// Writes data as groups of five bits; the last group is filled with zero bits.
    private static func write(_ data: RawSpan, to groups: inout MutableRawSpan) {
        var accumulator: UInt32 = 0
        var bitCount = 0
        var position = 0
        func store(_ group: UInt32) {
            groups.storeBytes(of: UInt8(group & 31), toByteOffset: position, as: UInt8.self)
            position += 1
        }
        for index in 0..<data.byteCount {
            accumulator = (accumulator << 8 | UInt32(data.byte(at: index))) & 0xfff
            bitCount += 8
            while bitCount >= groupBitCount {
                bitCount -= groupBitCount
                store(accumulator >> UInt32(bitCount))
            }
        }
        if bitCount > 0 { store(accumulator << UInt32(groupBitCount - bitCount)) }
    }

    private static func expanded(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func polymod(_ prefix: [UInt8], _ values: borrowing SecretBytes) -> UInt32 {
        var sum: UInt32 = 1
        func mix(_ value: UInt8) {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (index, term) in generator.enumerated() where top >> UInt32(index) & 1 == 1 {
                sum ^= term
            }
        }
        for item in prefix { mix(item) }
        for index in 0..<values.count { mix(values.bytes.byte(at: index)) }
        return sum
    }

    private static func lowered(_ character: UInt8) -> UInt8 {
        (65...90).contains(character) ? character + 32 : character
    }

    private static func raised(_ character: UInt8) -> UInt8 {
        (97...122).contains(character) ? character - 32 : character
    }
}
