internal import CryptoCore
internal import Stanzas

/// Requests that no plugin knows, sent at random, so that plugins refuse them and later versions of
/// the protocol can add requests.
enum PluginGrease {
    private static let oneIn: UInt8 = 8

    /// An unknown request, in one of eight calls.
    static func some() -> Stanza? {
        guard let byte = try? SecureRandom.bytes(count: 1).first, byte % oneIn == 0 else {
            return nil
        }
        return request()
    }

    /// An unknown request with random arguments and a random body.
    static func request() -> Stanza? {
        guard let bytes = try? SecureRandom.bytes(count: 96) else { return nil }
        let word = Hexadecimal.encode(Array(bytes.prefix(4)))
        let arguments = (0..<Int(bytes[4] % 4)).map { Hexadecimal.encode([bytes[5 + $0]]) }
        let body = Array(bytes.dropFirst(10).prefix(Int(bytes[9] % 80)))
        return Stanza("grease-\(word)", arguments, body: StanzaBody(body))
    }
}
