internal import Backups

/// Archives whose headers get the sums that belong to them.
enum TarSeed {
    private static let modeRange = 100..<107
    private static let byteCountRange = 124..<135
    private static let nameRange = 0..<100

    /// Returns the archive with each header in its canonical form.
    static func withSums(_ bytes: [UInt8]) -> [UInt8] {
        var archive = bytes
        var position = 0
        while position + TarHeader.blockByteCount <= archive.count {
            let range = position..<(position + TarHeader.blockByteCount)
            position = range.upperBound
            guard let header = header(Array(archive[range])), let block = header.encoded else {
                continue
            }
            archive.replaceSubrange(range, with: block)
            position += min(header.byteCount, archive.count)
            position += TarHeader.paddingByteCount(header.byteCount)
        }
        return archive
    }

    /// What a block says in the fields that matter; `nil` where it says nothing.
    private static func header(_ block: [UInt8]) -> TarHeader? {
        func text(_ range: Range<Int>) -> String {
            String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
        }
        guard let mode = UInt32(text(modeRange), radix: 8),
            let count = Int(text(byteCountRange), radix: 8), count >= 0
        else { return nil }
        return TarHeader(name: text(nameRange), mode: mode, byteCount: count)
    }
}
