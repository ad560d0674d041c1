internal import CryptoCore
internal import KeyFormats

/// The fields of a statement's line, read in their fixed order.
struct StatementFields {
    let kind: String
    private var rest: ArraySlice<Substring>

    init(_ line: [UInt8]) throws(RegistryError) {
        // Only printable ASCII: no look-alike and no control characters, so that a line has one
        // reading.
        guard line.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
            throw RegistryError.invalidStatement("it holds characters that are not printable ASCII")
        }
        let words = String(decoding: line, as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        kind = String(words[0])
        rest = words.dropFirst()
    }

    mutating func next(_ name: String) throws(RegistryError) -> String {
        guard let word = rest.first, word.hasPrefix(name + "=") else {
            throw RegistryError.invalidStatement("\(name) is missing")
        }
        rest = rest.dropFirst()
        return String(word.dropFirst(name.utf8.count + 1))
    }

    func finish() throws(RegistryError) {
        guard rest.isEmpty else {
            throw RegistryError.invalidStatement("it is followed by more text")
        }
    }

    mutating func name(_ field: String) throws(RegistryError) -> KeyName {
        let text = try next(field)
        guard let name = try? KeyName(text) else {
            throw RegistryError.invalidStatement("\(field) is not a name")
        }
        return name
    }

    mutating func base64(_ field: String) throws(RegistryError) -> [UInt8] {
        guard let bytes = Base64.decode(try next(field)), !bytes.isEmpty else {
            throw RegistryError.invalidStatement("\(field) is not base64")
        }
        return bytes
    }

    mutating func digest(_ field: String) throws(RegistryError) -> SHA256Digest {
        guard let digest = SHA256Digest(hexadecimal: try next(field)) else {
            throw RegistryError.invalidStatement("\(field) is not a SHA-256 digest")
        }
        return digest
    }

    mutating func number(_ field: String) throws(RegistryError) -> Int {
        guard let number = Int(try next(field)), number > 0, number < Statement.largestVersion
        else {
            throw RegistryError.invalidStatement("\(field) is not a number")
        }
        return number
    }

    mutating func timestamp(_ field: String) throws(RegistryError) -> Timestamp {
        guard let time = try? Timestamp(try next(field)) else {
            throw RegistryError.invalidStatement("\(field) is not a time")
        }
        return time
    }

    mutating func optionalTimestamp(_ field: String) throws(RegistryError) -> Timestamp? {
        let text = try next(field)
        if text == "-" { return nil }
        guard let time = try? Timestamp(text) else {
            throw RegistryError.invalidStatement("\(field) is not a time")
        }
        return time
    }

    mutating func reason(_ field: String) throws(RegistryError) -> String {
        let text = try next(field)
        if text == "-" { return "" }
        guard let bytes = Base64.decode(text), bytes.count <= Statement.largestReasonByteCount,
            let reason = String(validating: bytes, as: UTF8.self)
        else { throw RegistryError.invalidStatement("\(field) cannot be read") }
        return reason
    }

    mutating func fingerprint(_ field: String) throws(RegistryError) -> Fingerprint {
        guard let fingerprint = Fingerprint(try next(field)) else {
            throw RegistryError.invalidStatement("\(field) is not a fingerprint")
        }
        return fingerprint
    }

    static func encode(_ time: Timestamp?) -> String { time?.description ?? "-" }

    static func encode(reason: String) -> String {
        reason.isEmpty ? "-" : Base64.encode(Array(reason.utf8))
    }
}
