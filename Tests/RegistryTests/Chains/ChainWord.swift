/// A word of a diagram: the name of a key, and marks behind it.
///
///     A2        the key A2
///     A2'       the same key, in another statement
///     A2?       the statement has a stranger's signature in place of the old key's
///     A2+       the statement's time is in the future
///     A2(B1,3)  the statement claims to be of version 3 of the identity that begins with B1
struct ChainWord {
    /// The whole word, which names the statement.
    let text: String
    /// The key, or `renew`, `retire`, `remove`.
    let name: String
    let isForged: Bool
    let isFromTheFuture: Bool
    let claim: (beginning: String, version: Int)?

    init(_ text: some StringProtocol) {
        self.text = String(text)
        name = String(text.prefix { $0.isLetter || $0.isNumber })
        isForged = text.contains("?")
        isFromTheFuture = text.contains("+")
        let parts = text.split { "(,)".contains($0) }
        claim = parts.count == 3 ? Int(parts[2]).map { (String(parts[1]), $0) } : nil
    }
}
