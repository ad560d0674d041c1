internal import CryptoCore
internal import Stanzas

/// The arguments of one frame, read from left to right.
struct Words {
    private let type: String
    private var rest: ArraySlice<String>

    init(_ stanza: Stanza) {
        type = stanza.type
        rest = stanza.arguments[...]
    }

    mutating func word(_ what: String) throws(WireError) -> String {
        guard let word = rest.popFirst() else { throw WireError.form(type, what) }
        return word
    }

    mutating func optionalWord() -> String? { rest.popFirst() }

    var remaining: [String] { Array(rest) }

    mutating func id() throws(WireError) -> OfferID {
        guard let id = OfferID(try word("id")) else { throw WireError.form(type, "id") }
        return id
    }

    mutating func number(_ what: String) throws(WireError) -> Int {
        guard let number = Words.number(try word(what)) else { throw WireError.form(type, what) }
        return number
    }

    mutating func bytes(_ what: String, limit: Int) throws(WireError) -> [UInt8] {
        guard let bytes = Base64.decode(try word(what), padded: false),
            (1...limit).contains(bytes.count)
        else { throw WireError.form(type, what) }
        return bytes
    }

    mutating func text(_ what: String) throws(WireError) -> String {
        let bytes = try bytes(what, limit: PluginLimits.labelByteCount)
        guard let text = Words.text(bytes) else { throw WireError.form(type, what) }
        return text
    }

    mutating func optionalText(_ what: String) throws(WireError) -> String? {
        rest.isEmpty ? nil : try text(what)
    }

    /// A decimal number without sign or leading zero, up to 999,999,999,999.
    static func number(_ text: String) -> Int? {
        guard (1...12).contains(text.utf8.count), let number = Int(text), number >= 0,
            String(number) == text
        else { return nil }
        return number
    }

    /// UTF-8 without control characters other than LF.
    static func text(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({
                $0 == "\n" || $0.properties.generalCategory != .control
            })
        else { return nil }
        return text
    }

    static func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes, padded: false) }

    static func encode(_ text: String) -> String { encode(Array(text.utf8)) }
}

extension Stanza {
    /// The body as text of bounded size.
    func text() throws(WireError) -> String {
        guard body.count <= PluginLimits.textByteCount, let text = Words.text(body.publicBytes)
        else { throw WireError.form(type, "text") }
        return text
    }

    /// The body as bytes that are not secret; at least one.
    func bytes(_ what: String, limit: Int) throws(WireError) -> [UInt8] {
        guard (1...limit).contains(body.count) else { throw WireError.form(type, what) }
        return body.publicBytes
    }
}
