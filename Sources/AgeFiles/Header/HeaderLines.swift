/// The lines of a header, one after the other.
struct HeaderLines {
    private let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// The next line without its end; `nil` where it has none yet.
    mutating func next() throws(AgeError) -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { position = end + 1 }
        guard bytes[position..<end].allSatisfy({ (32...126).contains($0) }) else {
            throw AgeError.header("it holds a character that is not allowed")
        }
        return bytes[position..<end]
    }
}
