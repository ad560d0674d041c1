internal import CPKCS11

/// Attributes of an object, as PKCS #11 takes them; it owns their values.
@safe
struct AttributeTemplate: ~Copyable {
    private let values: UnsafeMutableRawBufferPointer
    private let attributes: UnsafeMutableBufferPointer<CK_ATTRIBUTE>

    /// Copies values, each to a place where a number can be read.
    init(_ entries: [(type: CK_ATTRIBUTE_TYPE, value: AttributeValue)]) {
        let unit = MemoryLayout<CK_ULONG>.alignment
        let places = entries.map { ($0.value.bytes.count + unit - 1) / unit * unit }
        let values = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(places.reduce(0, +), 1),
            alignment: unit
        )
        let attributes = UnsafeMutableBufferPointer<CK_ATTRIBUTE>.allocate(
            capacity: max(entries.count, 1)
        )
        unsafe attributes.initialize(repeating: CK_ATTRIBUTE())
        var offset = 0
        for (index, entry) in entries.enumerated() {
            let bytes = entry.value.bytes
            // SAFETY: `places` gives each value its room.
            let part = unsafe UnsafeMutableRawBufferPointer(
                rebasing: values[offset..<(offset + bytes.count)]
            )
            unsafe part.copyBytes(from: bytes)
            unsafe attributes[index] = CK_ATTRIBUTE(
                type: entry.type,
                pValue: bytes.isEmpty ? nil : part.baseAddress,
                ulValueLen: CK_ULONG(bytes.count)
            )
            offset += places[index]
        }
        unsafe self.values = values
        unsafe self.attributes = attributes
        count = CK_ULONG(entries.count)
    }

    deinit {
        unsafe attributes.deallocate()
        unsafe values.deallocate()
    }

    /// The number of attributes.
    let count: CK_ULONG

    /// The attributes; valid while the owner lives.
    var start: UnsafeMutablePointer<CK_ATTRIBUTE>? { unsafe attributes.baseAddress }
}

/// The value of an attribute.
enum AttributeValue {
    case flag(Bool)
    case number(UInt)
    case data([UInt8])

    /// The bytes in the machine's order.
    var bytes: [UInt8] {
        switch self {
        case .flag(let value): return [value ? 1 : 0]
        case .data(let bytes): return bytes
        case .number(let value):
            let little = (0..<MemoryLayout<CK_ULONG>.size).map {
                UInt8(truncatingIfNeeded: value.littleEndian >> (8 * UInt($0)))
            }
            return little
        }
    }
}
