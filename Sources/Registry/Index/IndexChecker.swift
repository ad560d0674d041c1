internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// Checks the records of an index before `IndexReader` reads them: every count and offset is in
/// bounds, and every name and time is valid.
struct IndexChecker {
    // The range of a timestamp: the years 0 to 9999.
    private static let times = -62_167_219_200...253_402_300_799
    private static let integerByteCount = 8

    private let file: MappedFile
    private var offset: Int

    init(_ file: MappedFile, _ offset: Int) {
        self.file = file
        self.offset = offset
    }

    private var left: Int { offset < 0 ? 0 : max(0, file.byteCount - offset) }

    private mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= left else { return false }
        offset += count
        return true
    }

    private mutating func integer() -> Int? {
        guard left >= IndexChecker.integerByteCount else { return nil }
        defer { offset += IndexChecker.integerByteCount }
        return file.integer(at: offset)
    }

    private mutating func bytes() -> Range<Int>? {
        guard let count = integer() else { return nil }
        let start = offset
        return skip(count) ? start..<(start + count) : nil
    }

    mutating func digest() -> Bool { skip(SHA256Digest.byteCount) }

    mutating func name() -> Bool {
        guard let range = bytes() else { return false }
        return (try? KeyName(String(decoding: file.bytes(range), as: UTF8.self))) != nil
    }

    mutating func statement() -> Bool {
        guard let range = bytes() else { return false }
        return (try? Statement(line: file.bytes(range))) != nil
    }

    /// Checks `count` items.
    ///
    /// Each takes at least one byte, which bounds the count.
    mutating func repeated(_ count: Int, _ one: (inout IndexChecker) -> Bool) -> Bool {
        guard count >= 0, count <= left else { return false }
        for _ in 0..<count {
            guard one(&self) else { return false }
        }
        return true
    }

    /// Checks a count, then that number of items.
    mutating func list(_ one: (inout IndexChecker) -> Bool) -> Bool {
        guard let count = integer() else { return false }
        return repeated(count, one)
    }

    private mutating func time(isOptional: Bool) -> Bool {
        guard let seconds = integer() else { return false }
        return IndexChecker.times.contains(seconds) || isOptional && seconds == Int.min
    }

    mutating func state() -> Bool {
        switch integer() {
        case 0, 1: true
        case 2: time(isOptional: true) && time(isOptional: false) && bytes() != nil
        default: false
        }
    }

    private mutating func version() -> Bool {
        guard let number = integer(), (1...Statement.largestVersion).contains(number) else {
            return false
        }
        return bytes() != nil && time(isOptional: false) && time(isOptional: true) && state()
    }

    /// Checks one identity, with the layout that `IndexReader.identity` reads.
    mutating func identity() -> Bool {
        guard name(), digest(), list({ $0.digest() }), let flags = integer(),
            (0...7).contains(flags), let role = integer(),
            Role.allCases.indices.contains(role), time(isOptional: true),
            flags & 4 == 0 || bytes() != nil && bytes() != nil
        else { return false }
        // Every identity must have a latest version.
        guard let count = integer(), count > 0, repeated(count, { $0.version() }),
            list({ $0.version() }), let forked = integer()
        else { return false }
        return (0...Statement.largestVersion).contains(forked)
    }
}
