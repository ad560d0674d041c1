internal import CryptoCore
public import DurableFiles

/// Writes armor around the bytes that it receives; `finish` writes the end.
public final class AgeArmorEncoder: ByteSink {
    private let sink: any ByteSink
    private var rest: [UInt8] = []
    private var hasBegun = false

    /// Creates an encoder that writes armor to `sink`.
    public init(_ sink: any ByteSink) { self.sink = sink }

    /// Encodes the next bytes.
    public func write(_ piece: RawSpan) throws {
        rest += SecretBytes(copying: piece).publicBytes
        let whole = rest.count / AgeArmor.lineByteCount * AgeArmor.lineByteCount
        try writeLines(rest.prefix(whole))
        rest.removeFirst(whole)
    }

    /// Writes the last bytes and the end line.
    public func finish() throws {
        try writeLines(rest[...])
        try sink.write(Array("\(AgeArmor.end)\n".utf8).borrowedBytes)
    }

    private func writeLines(_ bytes: ArraySlice<UInt8>) throws {
        var text: [UInt8] = []
        if !hasBegun {
            text += Array("\(AgeArmor.begin)\n".utf8)
            hasBegun = true
        }
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = min(start + AgeArmor.lineByteCount, bytes.endIndex)
            text += Array(Base64.encode(Array(bytes[start..<end])).utf8)
            text.append(UInt8(ascii: "\n"))
            start = end
        }
        try sink.write(text.borrowedBytes)
    }
}
