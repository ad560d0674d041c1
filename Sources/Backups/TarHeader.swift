/// The header before a file's content in a tar archive, one block of 512 bytes.
///
/// The format is ustar (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"). It has only plain
/// files, so that tar can read the archive.
public struct TarHeader: Equatable, Sendable {
    /// The size of a block, in bytes; headers and contents are padded to it.
    public static let blockByteCount = 512
    /// The end of an archive: two blocks of zeros.
    static let endByteCount = 2 * blockByteCount
    private static let largestNameByteCount = 100

    /// The file's path in the archive, of at most 100 bytes.
    public var name: String
    /// The permission bits.
    public var mode: UInt32
    /// The size of the content, in bytes.
    public var byteCount: Int

    /// Creates the header of a file.
    public init(name: String, mode: UInt32, byteCount: Int) {
        self.name = name
        self.mode = mode
        self.byteCount = byteCount
    }

    /// Reads a block that this type wrote; `nil` for any other block.
    public init?(_ block: [UInt8]) {
        guard block.count == TarHeader.blockByteCount else { return nil }
        func text(_ range: Range<Int>) -> String {
            String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
        }
        name = text(Field.name)
        guard let mode = UInt32(text(Field.mode), radix: 8),
            let count = Int(text(Field.byteCount), radix: 8)
        else { return nil }
        self.mode = mode
        byteCount = count
        guard encoded == block else { return nil }
    }

    /// The bytes of the block; `nil` if the name is too long.
    public var encoded: [UInt8]? {
        let bytes = Array(name.utf8)
        guard (1...TarHeader.largestNameByteCount).contains(bytes.count) else { return nil }
        var block = [UInt8](repeating: 0, count: TarHeader.blockByteCount)
        func put(_ content: [UInt8], at offset: Int) {
            block.replaceSubrange(offset..<(offset + content.count), with: content)
        }
        put(bytes, at: Field.name.lowerBound)
        put(octal(Int(mode), Field.mode.count), at: Field.mode.lowerBound)
        put(octal(0, Field.owner.count), at: Field.owner.lowerBound)
        put(octal(0, Field.group.count), at: Field.group.lowerBound)
        put(octal(byteCount, Field.byteCount.count), at: Field.byteCount.lowerBound)
        put(octal(0, Field.time.count), at: Field.time.lowerBound)
        put(Array("0".utf8), at: Field.kind)
        put(Array("ustar".utf8), at: Field.magic)
        put(Array("00".utf8), at: Field.version)
        // The checksum is computed with spaces in its own field.
        put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: Field.sum.lowerBound)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, Field.sum.count) + [0], at: Field.sum.lowerBound)
        return block
    }

    /// The number of zeros after the content, up to the next block.
    public static func paddingByteCount(_ count: Int) -> Int {
        (blockByteCount - count % blockByteCount) % blockByteCount
    }

    private func octal(_ value: Int, _ digitCount: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return Array((String(repeating: "0", count: digitCount - digits.count) + digits).utf8)
    }

    /// The offsets of the fields; a zero follows each number.
    private enum Field {
        static let name = 0..<100
        static let mode = 100..<107
        static let owner = 108..<115
        static let group = 116..<123
        static let byteCount = 124..<135
        static let time = 136..<147
        static let sum = 148..<154
        static let kind = 156
        static let magic = 257
        static let version = 263
    }
}
