internal import COpenSSL
internal import Glibc

/// Memory for bytes that may be secret, which is written many times and cleansed at its end.
///
/// It is for the content of files that pass through, which is too large for locked memory.
@safe
public struct SecretBuffer: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Allocates `count` bytes, all zero.
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

    /// Calls `body` with a range of the bytes.
    ///
    /// A span cannot be returned from a buffer that is a stored property of a class. Code that holds
    /// the buffer in a class uses this method instead.
    ///
    /// Throws what `body` throws.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.extracting(range))
    }

    /// Calls `body` with a range of the bytes for writing; throws what `body` throws.
    public mutating func withMutableBytes<Result, Failure: Error>(
        _ range: Range<Int>,
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // SAFETY: the range lies in the storage, and `self` is borrowed exclusively.
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[range])
        var view = unsafe MutableRawSpan(_unsafeBytes: part)
        return try body(&view)
    }
}
