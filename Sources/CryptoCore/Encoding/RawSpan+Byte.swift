extension RawSpan {
    /// The byte at an offset, which must lie within the span; the process ends where it does not.
    @inlinable
    public func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        // SAFETY: the offset was checked.
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
