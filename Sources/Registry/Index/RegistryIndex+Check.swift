internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// Checks the layout of an index once, when it is opened, so that later readers need no checks.
///
/// The digest in the file only shows that the file is complete: a person could write another index
/// with its own digest. So each count, offset and position is compared with its bounds before use.
extension RegistryIndex {
    /// Returns whether every number of the header, the tables and the records is in its bounds.
    static func isWellFormed(_ file: MappedFile) -> Bool {
        func number(_ field: Field) -> Int {
            file.integer(at: headByteCount + field.rawValue * 8)
        }
        /// Returns whether `count` entries of `size` bytes lie in the file at an offset.
        func holds(_ count: Int, of size: Int, at start: Int) -> Bool {
            let (byteCount, overflows) = count.multipliedReportingOverflow(by: size)
            return count >= 0 && !overflows && start >= headByteCount && start <= file.byteCount
                && byteCount <= file.byteCount - start
        }
        let (lineCount, identityCount) = (number(.lineCount), number(.identityCount))
        let logByteCount = number(.logByteCount)
        guard lineCount >= 0, logByteCount >= 0, (-1...lineCount).contains(number(.coveredCount)),
            (0...logByteCount).contains(number(.lastLineStart)),
            holds(1, of: SHA256Digest.byteCount, at: number(.coveredRoot)),
            holds(1, of: SHA256Digest.byteCount, at: number(.lastLeaf)),
            holds(number(.subtreeCount), of: entryByteCount, at: number(.subtrees)),
            holds(number(.signatureCount), of: entryByteCount, at: number(.signatures)),
            holds(lineCount, of: 8, at: number(.lineEnds)),
            holds(identityCount, of: 8, at: number(.records))
        else { return false }
        for (count, start) in [
            (Field.nameCount, Field.names), (.idCount, .ids), (.keyCount, .keys),
            (.skeletonCount, .skeletons), (.formerCount, .formers),
        ] {
            guard holds(number(count), of: entryByteCount, at: number(start)) else { return false }
            for entry in 0..<number(count) {
                let offset = number(start) + entry * entryByteCount + SHA256Digest.byteCount
                guard (0..<identityCount).contains(file.integer(at: offset)) else { return false }
            }
        }
        return hasRightLines(file, number(.lineEnds), lineCount, logByteCount)
            && hasRightTree(file, number(.subtrees), number(.subtreeCount), lineCount)
            && hasRightRecords(file, number)
    }

    /// Returns whether the ends of lines rise, and the last one is the end of the log.
    private static func hasRightLines(
        _ file: MappedFile,
        _ start: Int,
        _ count: Int,
        _ logByteCount: Int
    ) -> Bool {
        var last = 0
        for line in 0..<count {
            let end = file.integer(at: start + line * 8)
            guard end > last, end <= logByteCount else { return false }
            last = end
        }
        return last == logByteCount
    }

    /// Returns whether the subtrees are the powers of two that sum up to the number of lines.
    private static func hasRightTree(
        _ file: MappedFile,
        _ start: Int,
        _ count: Int,
        _ lineCount: Int
    ) -> Bool {
        var rest = lineCount
        for subtree in 0..<count {
            let leafCount = file.integer(at: start + subtree * entryByteCount)
            guard rest > 0, leafCount == 1 << (Int.bitWidth - 1 - rest.leadingZeroBitCount)
            else { return false }
            rest -= leafCount
        }
        return rest == 0
    }

    private static func hasRightRecords(_ file: MappedFile, _ number: (Field) -> Int) -> Bool {
        for position in 0..<number(.identityCount) {
            let start = file.integer(at: number(.records) + position * 8)
            var checker = IndexChecker(file, start)
            guard checker.identity() else { return false }
        }
        var revoked = IndexChecker(file, number(.revoked))
        var groups = IndexChecker(file, number(.groups))
        var earlier = IndexChecker(file, number(.earlier))
        return revoked.repeated(number(.revokedCount)) { $0.digest() && $0.state() }
            && groups.repeated(number(.groupCount)) { checker in
                checker.name() && checker.list { $0.name() }
            }
            && earlier.repeated(number(.earlierCount)) { $0.statement() }
    }
}
