internal import CryptoCore

/// Finds lines that SSH programs read as a key.
///
/// It makes no text of them, because the file may also hold a private key.
enum SSHKeyLine {
    private static let kinds = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].map {
        Array($0.utf8)
    }
    /// The first characters of every key: the length of its kind's name, below 2¹⁴, in base64.
    private static let keyBegin = Array("AAAA".utf8)
    private static let keyFileBegin = Array("---- BEGIN SSH2 ".utf8)
    private static let blockBegin = Array("-----BEGIN ".utf8)

    /// Returns the number of the first such line, from 1; `nil` if there is none.
    ///
    /// The line may begin with options or with the names of people or hosts. A comment does not
    /// count.
    static func number(in text: RawSpan) -> Int? {
        var position = 0
        var number = 0
        while let line = PEM.line(text, from: position) {
            position = line.upperBound + 1
            number += 1
            if isKey(text, PEM.trimmed(text, line)) { return number }
        }
        return nil
    }

    /// Returns whether the text begins like a key file of RFC 4716, which is read as a whole.
    static func isKeyFile(_ text: RawSpan) -> Bool {
        var start = 0
        while start < text.byteCount, PEM.isSpace(text.byte(at: start)) { start += 1 }
        return PEM.starts(text, start..<text.byteCount, with: keyFileBegin)
    }

    /// Returns whether a PEM block begins at the start of a line.
    static func hasBlock(besideKey text: RawSpan) -> Bool {
        var position = 0
        while let line = PEM.line(text, from: position) {
            position = line.upperBound + 1
            if PEM.starts(text, PEM.trimmed(text, line), with: blockBegin) { return true }
        }
        return false
    }

    private static func isKey(_ text: RawSpan, _ line: Range<Int>) -> Bool {
        guard let first = line.first, text.byte(at: first) != UInt8(ascii: "#") else {
            return false
        }
        if PEM.starts(text, line, with: keyFileBegin) { return true }
        var start = line.lowerBound
        while start < line.upperBound {
            var end = start
            while end < line.upperBound, !PEM.isSpace(text.byte(at: end)) { end += 1 }
            var next = end
            while next < line.upperBound, PEM.isSpace(text.byte(at: next)) { next += 1 }
            let word = start..<end
            if PEM.starts(text, next..<line.upperBound, with: keyBegin),
                kinds.contains(where: { PEM.starts(text, word, with: $0) })
            {
                return true
            }
            start = next
        }
        return false
    }
}
