internal import Glibc

/// A file that is only ever replaced whole, mapped into memory to be looked up in.
///
/// Every access is checked against its length, so that a damaged file ends the process and never
/// shows what lies beside it.
@safe
public final class MappedFile: @unchecked Sendable {
    // Nobody writes through it, and it goes with its last owner: hence Sendable.
    private let storage: UnsafeRawBufferPointer

    /// Maps the file at `path`; `nil` where there is none, or nothing in it.
    public init?(_ path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError.system("read", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw FileError.system("look at", path)
        }
        let count = Int(status.st_size)
        guard count > 0 else { return nil }
        let flags = MAP_PRIVATE | MAP_POPULATE
        guard let start = unsafe mmap(nil, count, PROT_READ, flags, descriptor, 0),
            unsafe start != MAP_FAILED
        else { throw FileError.system("read", path) }
        unsafe storage = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(mutating: storage.baseAddress), storage.count)
    }

    /// Its length.
    public var byteCount: Int { unsafe storage.count }

    /// The little-endian integer at `offset`.
    public func integer(at offset: Int) -> Int {
        precondition(offset >= 0 && offset <= byteCount - 8)
        // SAFETY: the eight bytes are within the file.
        let value = unsafe storage.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Int(truncatingIfNeeded: UInt64(littleEndian: value))
    }

    /// The bytes of a range.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        return unsafe Array(storage[range])
    }

    /// Lends the bytes of a range.
    public func withBytes<Result>(_ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        // SAFETY: the range is within the file, and the span does not outlive the call.
        return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: storage[range])))
    }
}
