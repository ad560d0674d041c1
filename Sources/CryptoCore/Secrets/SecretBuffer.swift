internal import COpenSSL
internal import Glibc

/// Room that is written again and again with what may be secret, and cleansed at its end: for
/// files that pass through, which are too much for locked memory.
@safe
public struct SecretBuffer: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Makes room for `count` bytes, all zero.
    public init(count: Int) {
        guard let start = unsafe calloc(1, max(count, 1)) else {
            preconditionFailure("out of memory")
        }
        unsafe storage = UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    deinit {
        unsafe cleanse(storage)
        unsafe free(storage.baseAddress)
    }

    /// The number of bytes.
    public var count: Int { unsafe storage.count }

    /// The bytes, borrowed.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the storage lives as long as `self`, and the span is tied to it.
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(storage))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with a part of the bytes: for owners that are reached through a reference.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.extracting(range))
    }

    /// Lends a part of the room for writing.
    public mutating func withMutableBytes<Result, Failure: Error>(
        _ range: Range<Int>,
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // SAFETY: the range lies within the storage, which is lent exclusively.
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[range])
        var view = unsafe MutableRawSpan(_unsafeBytes: part)
        return try body(&view)
    }
}
