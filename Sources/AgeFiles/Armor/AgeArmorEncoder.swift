internal import CryptoCore
public import DurableFiles

/// Puts the armor around what is written; `finish` ends it.
public final class AgeArmorEncoder: ByteSink {
    private let sink: any ByteSink
    private var rest: [UInt8] = []
    private var hasBegun = false

    /// Writes armor to `sink`.
    public init(_ sink: any ByteSink) { self.sink = sink }

    /// Takes a piece.
    public func write(_ piece: RawSpan) throws {
        rest += SecretBytes(copying: piece).publicBytes
        let whole = rest.count / AgeArmor.lineByteCount * AgeArmor.lineByteCount
        try writeLines(rest.prefix(whole))
        rest.removeFirst(whole)
    }

    /// Writes what is left, and the last line.
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
