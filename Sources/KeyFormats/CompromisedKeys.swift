internal import CryptoCore

/// Fingerprints of RSA keys whose private halves have been published.
public struct CompromisedKeys: Sendable {
    private var sources: [Fingerprint: String]

    /// The built-in list: keys from product images, public accidents and specifications.
    public static let published = CompromisedKeys(
        sources: Dictionary(
            [
                (
                    "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
                    "GitHub's SSH host key until March 2023"
                ),
                (
                    "SHA256:1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA",
                    "Vagrant's insecure key"
                ),
            ].compactMap { text, source in Fingerprint(text).map { ($0, source) } },
            uniquingKeysWith: { $1 }
        )
    )

    /// Adds a list.
    ///
    /// Each line is a fingerprint (`SHA256:…`) and a remark; `#` begins a comment.
    ///
    /// Throws `KeyFormatError` with the number of a line that has another form.
    public func adding(_ text: String) throws(KeyFormatError) -> CompromisedKeys {
        var result = self
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let fields = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            guard let fingerprint = Fingerprint(first) else {
                throw KeyFormatError.damagedLine(index + 1, of: "list of compromised keys")
            }
            result.sources[fingerprint] =
                fields.count > 1 ? String(fields[1]) : "it is on your list of compromised keys"
        }
        return result
    }

    func source(of fingerprint: Fingerprint) -> String? { sources[fingerprint] }
}
