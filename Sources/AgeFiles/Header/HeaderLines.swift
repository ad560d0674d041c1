/// Reads the lines of a header one by one.
struct HeaderLines {
    private let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Returns the next line without its line end; `nil` if the line is not complete yet.
    mutating func next() throws(AgeError) -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { position = end + 1 }
        guard bytes[position..<end].allSatisfy({ (32...126).contains($0) }) else {
            throw AgeError.header("it holds a character that is not allowed")
        }
        return bytes[position..<end]
    }
}
