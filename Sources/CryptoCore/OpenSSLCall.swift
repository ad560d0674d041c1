internal import COpenSSL

/// Throws `CryptoError` unless an OpenSSL function returned 1; then OpenSSL's error queue is
/// emptied.
func check(_ status: CInt, _ function: String) throws(CryptoError) {
    guard status == 1 else {
        ERR_clear_error()
        throw CryptoError.libraryFailure(function)
    }
}

/// Returns the result of an allocating OpenSSL function.
///
/// If memory is out, the process traps.
func allocated<Pointer>(_ pointer: Pointer?) -> Pointer {
    guard let pointer else { preconditionFailure("out of memory") }
    return pointer
}

/// Overwrites bytes with zeros; an optimizer cannot remove this.
func cleanse(_ bytes: UnsafeMutableRawBufferPointer) {
    unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
}

/// Returns the DER that an `i2d_…` function writes into OpenSSL's own buffer.
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
    // SAFETY: OpenSSL wrote `count` bytes at `start`; this function frees them.
    defer { unsafe copenssl_clear_free(start, Int(count)) }
    return unsafe [UInt8](UnsafeBufferPointer(start: start, count: Int(count)))
}
