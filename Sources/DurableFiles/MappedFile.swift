internal import Glibc

/// A file that is mapped into memory for searching.
///
/// Such a file is only replaced as a whole.
///
/// Each access is checked against the length: a damaged file ends the process, and never shows
/// other memory. It owns the mapping.
@safe
public final class MappedFile: @unchecked Sendable {
    // `@unchecked Sendable`: nothing writes through the mapping, and it ends with its last owner.
    private let storage: UnsafeRawBufferPointer

    /// Maps the file at `path`; returns `nil` if it is missing or empty.
    ///
    /// Throws `FileError` if it cannot be read.
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

    /// The length, in bytes.
    public var byteCount: Int { unsafe storage.count }

    /// Returns the 8-byte little-endian integer at `offset`.
    public func integer(at offset: Int) -> Int {
        precondition(offset >= 0 && offset <= byteCount - 8)
        // SAFETY: the eight bytes are within the file.
        let value = unsafe storage.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Int(truncatingIfNeeded: UInt64(littleEndian: value))
    }

    /// Returns a copy of the bytes in a range.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        return unsafe Array(storage[range])
    }

    /// Calls `body` with the bytes in a range, without copying.
    public func withBytes<Result>(_ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        // SAFETY: the range is within the file, and the span does not outlive the call.
        return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: storage[range])))
    }
}
