/// A position in DER that is read element by element, without copying: the bytes may be secret.
///
/// Every call must get the same bytes.
struct DERCursor {
    private var position: Int
    private let end: Int
    private static let largestLengthByteCount = 4
    private static let longForm = 0x80
    private static let largestNumberByteCount = 8

    /// Begins at the start of a range of the bytes.
    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// Whether all elements were read.
    var isAtEnd: Bool { position == end }

    /// The tag of the next element; `nil` at the end.
    func nextTag(in bytes: RawSpan) -> UInt8? {
        position < end ? bytes.byte(at: position) : nil
    }

    /// Reads the next element and returns the range of its content; throws if it has another tag.
    mutating func next(_ tag: UInt8, in bytes: RawSpan) throws(CryptoError) -> Range<Int> {
        let invalid = CryptoError.invalidEncoding("DER structure")
        guard nextTag(in: bytes) == tag, position + 1 < end else { throw invalid }
        var count = Int(bytes.byte(at: position + 1))
        var start = position + 2
        if count >= DERCursor.longForm {
            let lengthByteCount = count & ~DERCursor.longForm
            guard (1...DERCursor.largestLengthByteCount).contains(lengthByteCount),
                start + lengthByteCount <= end
            else { throw invalid }
            count = 0
            for index in start..<(start + lengthByteCount) {
                count = count << 8 | Int(bytes.byte(at: index))
            }
            guard bytes.byte(at: start) != 0, count >= DERCursor.longForm else {
                throw invalid
            }
            start += lengthByteCount
        }
        guard count <= end - start else { throw invalid }
        position = start + count
        return start..<position
    }

    /// Reads the next SEQUENCE and returns a cursor over its elements.
    mutating func sequence(in bytes: RawSpan) throws(CryptoError) -> DERCursor {
        DERCursor(try next(DER.Tag.sequence, in: bytes))
    }

    /// Reads the next INTEGER; throws `CryptoError` unless it is not negative and fits 63 bits.
    mutating func number(in bytes: RawSpan) throws(CryptoError) -> UInt64 {
        let content = try next(DER.Tag.integer, in: bytes)
        let digits = content.map { bytes.byte(at: $0) }
        guard let first = digits.first, first < 0x80,
            digits.count <= DERCursor.largestNumberByteCount,
            digits.count == 1 || first != 0 || digits[1] >= 0x80
        else { throw CryptoError.invalidEncoding("DER structure") }
        return digits.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Throws `CryptoError` unless all elements were read.
    func finish() throws(CryptoError) {
        guard isAtEnd else { throw CryptoError.invalidEncoding("DER structure") }
    }
}
