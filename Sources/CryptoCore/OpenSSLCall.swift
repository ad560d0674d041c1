internal import COpenSSL

/// Throws when an OpenSSL function did not return 1; its error queue is emptied either way.
func check(_ status: CInt, _ function: String) throws(CryptoError) {
    guard status == 1 else {
        ERR_clear_error()
        throw CryptoError.libraryFailure(function)
    }
}

/// What an allocating OpenSSL function returned; out of memory traps.
func allocated<Pointer>(_ pointer: Pointer?) -> Pointer {
    guard let pointer else { preconditionFailure("out of memory") }
    return pointer
}

/// Overwrites bytes so that no optimiser leaves it out.
func cleanse(_ bytes: UnsafeMutableRawBufferPointer) {
    unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
}

/// The DER that an `i2d_…` function writes into a buffer of OpenSSL's own.
func encodedDER(
    _ function: String,
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> CInt
) throws(CryptoError) -> [UInt8] {
    var buffer: UnsafeMutablePointer<UInt8>?
    let count = unsafe encode(&buffer)
    guard count > 0, let start = unsafe buffer else {
        ERR_clear_error()
        throw CryptoError.libraryFailure(function)
    }
    // SAFETY: OpenSSL wrote `count` bytes at `start`, which is ours to free.
    defer { unsafe copenssl_clear_free(start, Int(count)) }
    return unsafe [UInt8](UnsafeBufferPointer(start: start, count: Int(count)))
}
