extension RawSpan {
    /// Returns the byte at an offset, which must lie in the span.
    func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        // SAFETY: the offset was checked.
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
