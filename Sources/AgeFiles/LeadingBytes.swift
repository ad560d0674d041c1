internal import CryptoCore
internal import DurableFiles

/// A source whose first bytes can be examined before they are read.
final class LeadingBytes: ByteSource {
    let bytes: [UInt8]
    private let whole: PrecededSource

    init(_ source: any ByteSource, count: Int) throws {
        // White space may stand before the armor.
        var room = SecretBuffer(count: count + AgeArmor.largestLeadingSpaceByteCount)
        let filled = try source.fill(&room, from: 0)
        bytes = SecretBytes(copying: room.bytes.extracting(first: filled)).publicBytes
        whole = PrecededSource(bytes, then: source)
    }

    func read(into room: inout MutableRawSpan) throws -> Int { try whole.read(into: &room) }
}
