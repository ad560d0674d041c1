import ArgumentParser

/// An address as a user writes it: `HOST:PORT`, `HOST` or `[IPV6]:PORT`.
struct Address: Equatable {
    static let standardPort = 5000

    let host: String
    let port: Int?

    init(_ text: String) throws {
        let invalid = ValidationError("an address is written as HOST:PORT, not as \"\(text)\"")
        var host = Substring(text)
        var port: Int?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw invalid }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw invalid }
            if !rest.isEmpty {
                guard let number = Int(rest.dropFirst()) else { throw invalid }
                port = number
            }
        } else if let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon {
            host = text[..<colon]
            guard let number = Int(text[text.index(after: colon)...]) else { throw invalid }
            port = number
        }
        // Without brackets, a text with several colons is an IPv6 address or a mistake.
        guard !host.contains(":") || host.allSatisfy({ $0.isHexDigit || ".:%".contains($0) }) else {
            throw invalid
        }
        guard !host.isEmpty, port.map({ (0...65_535).contains($0) }) ?? true else { throw invalid }
        self.host = String(host)
        self.port = port
    }
}
