internal import COpenSSL
internal import Glibc

/// Bytes that are cleansed from memory when their owner's lifetime ends.
///
/// They are in OpenSSL's secure heap: locked if the system allows it, and left out of core dumps.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    // `@unchecked Sendable`: the storage has one owner and is never written after `init`.
    private let storage: UnsafeMutableRawBufferPointer

    /// Creates a secret of `count` bytes, written in place by `fill`; throws what `fill` throws.
    public init<Failure: Error>(
        count: Int,
        fillingWith fill: (inout MutableRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        let storage = unsafe SecretBytes.allocate(count)
        unsafe self.storage = storage
        var view = unsafe MutableRawSpan(_unsafeBytes: storage)
        try fill(&view)
    }

    /// Creates a secret by copying borrowed bytes.
    public init(copying bytes: RawSpan) {
        let storage = unsafe SecretBytes.allocate(bytes.byteCount)
        unsafe self.storage = storage
        // SAFETY: both buffers hold `byteCount` bytes and do not overlap.
        unsafe bytes.withUnsafeBytes { unsafe storage.copyMemory(from: $0) }
    }

    /// Creates a secret of `count` random bytes; throws `CryptoError` if the random source fails.
    public static func random(count: Int) throws(CryptoError) -> SecretBytes {
        try SecretBytes(count: count) { view throws(CryptoError) in
            // SAFETY: RAND_priv_bytes writes exactly `count` bytes.
            let status = unsafe view.withUnsafeMutableBytes { bytes in
                unsafe RAND_priv_bytes(
                    bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                    CInt(bytes.count)
                )
            }
            try check(status, "RAND_priv_bytes")
        }
    }

    deinit {
        unsafe copenssl_secure_clear_free(storage.baseAddress, storage.count)
    }

    /// The number of bytes.
    public var count: Int { unsafe storage.count }

    /// The bytes, borrowed while the owner lives.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the storage lives as long as `self`, and the span is tied to it.
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(storage))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with the bytes, for owners that are reached through a reference.
    ///
    /// Throws what `body` throws.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes)
    }

    /// The bytes as an ordinary array, for bytes that are not secret.
    public var publicBytes: [UInt8] {
        // SAFETY: the buffer is copied while it is borrowed.
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    /// Returns another owner with a copy of the bytes.
    public func copy() -> SecretBytes { SecretBytes(copying: bytes) }

    private static let largestLockedByteCount = 16 << 10

    private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
        SecureHeap.open()
        // A zero-byte allocation may be null, so one byte more is allocated. Large secrets would
        // use up the locked heap, which OpenSSL's own numbers need. They are in ordinary memory,
        // and cleansed.
        let locked =
            unsafe count <= largestLockedByteCount ? copenssl_secure_malloc(count + 1) : nil
        guard let start = unsafe locked ?? calloc(1, count + 1) else {
            preconditionFailure("out of memory")
        }
        return unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    }
}

/// OpenSSL's locked heap.
///
/// It is opened once, before the first secret.
enum SecureHeap {
    private static let byteCount = 1 << 20
    private static let smallestBlockByteCount = 32

    private static let opened: CInt = CRYPTO_secure_malloc_init(byteCount, smallestBlockByteCount)

    /// Opens the heap.
    ///
    /// If the system refuses it, OpenSSL uses ordinary memory.
    static func open() { _ = opened }

    /// Whether its memory is locked: OpenSSL answers 2 where the system refused that.
    static var isLocked: Bool { opened == 1 }
}

extension MutableRawSpan {
    /// Copies borrowed bytes to `offset`; they must fit.
    public mutating func copy(_ source: RawSpan, to offset: Int) {
        precondition(offset >= 0 && source.byteCount <= byteCount - offset)
        // SAFETY: the room was checked. The buffers do not overlap, because one is exclusive.
        unsafe withUnsafeMutableBytes { destination in
            unsafe source.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: destination[offset...])
                    .copyMemory(from: bytes)
            }
        }
    }
}

/// Returns whether two byte strings are equal, in a time that depends only on their lengths.
public func constantTimeEquals(_ left: RawSpan, _ right: RawSpan) -> Bool {
    guard left.byteCount == right.byteCount else { return false }
    // SAFETY: both buffers hold `byteCount` bytes.
    return unsafe left.withUnsafeBytes { first in
        unsafe right.withUnsafeBytes { second in
            guard let a = first.baseAddress, let b = second.baseAddress else { return true }
            return unsafe CRYPTO_memcmp(a, b, first.count) == 0
        }
    }
}

extension [UInt8] {
    /// The array's bytes, borrowed.
    public var borrowedBytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}
