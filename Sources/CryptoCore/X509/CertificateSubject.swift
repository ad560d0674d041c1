internal import COpenSSL

/// The subject of a self-signed certificate or of a request.
public struct CertificateSubject: Sendable {
    /// The common name.
    public let commonName: String
    /// The subject alternative names in the syntax of OpenSSL's configuration: `DNS:host`,
    /// `IP:::1`.
    let alternativeNames: [String]

    /// The largest number of alternative names.
    public static let largestNameCount = 100
    private static let largestCharacterCount = 64
    private static let kinds = ["dns": "DNS", "ip": "IP", "email": "email", "uri": "URI"]

    /// Takes a common name of 1 to 64 characters, and alternative names as `dns:…`, `ip:…`,
    /// `email:…` or `uri:…`.
    ///
    /// Throws `CryptoError` for any other name: no part of a name may be read as configuration.
    public init(commonName: String, alternativeNames: [String]) throws(CryptoError) {
        // RFC 5280 § A.1 (ub-common-name) counts code points, not visible characters.
        let count = commonName.unicodeScalars.count
        guard (1...CertificateSubject.largestCharacterCount).contains(count),
            commonName.unicodeScalars.allSatisfy(CertificateSubject.isPrintable),
            alternativeNames.count <= CertificateSubject.largestNameCount
        else {
            throw CryptoError.invalidParameter(
                "a common name is 1 to \(CertificateSubject.largestCharacterCount) printable "
                    + "characters",
                hint: "choose another: --comment NAME"
            )
        }
        self.commonName = commonName
        var names: [String] = []
        for text in alternativeNames {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let kind = CertificateSubject.kinds[parts[0].lowercased()],
                parts[1].utf8.count <= 253, parts[1].utf8.allSatisfy(CertificateSubject.isPlain)
            else {
                throw CryptoError.invalidParameter(
                    "\"\(text.prefix(80))\" is not an alternative name of a certificate",
                    hint: "write dns:chat.example, ip:192.0.2.1, email:a@example.org or uri:…"
                )
            }
            names.append("\(kind):\(parts[1])")
        }
        self.alternativeNames = names
    }

    /// Returns the part of a key's comment that can be a common name; `nil` if no part can.
    public static func commonName(from comment: String) -> String? {
        var name = String.UnicodeScalarView()
        name.append(
            contentsOf: comment.unicodeScalars.filter(isPrintable).prefix(largestCharacterCount)
        )
        return name.isEmpty ? nil : String(name)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
            .privateUse:
            false
        default: true
        }
    }

    private static func isPlain(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".-_*:@/+?=&%~".utf8.contains(character)
        }
    }

    /// Adds a common name to a Name that is written.
    static func add(_ commonName: String, to name: OpaquePointer?) throws(CryptoError) {
        let text = Array(commonName.utf8)
        // SAFETY: OpenSSL copies the name's bytes.
        try check(
            unsafe X509_NAME_add_entry_by_NID(
                name,
                NID_commonName,
                MBSTRING_UTF8,
                text,
                CInt(text.count),
                -1,
                0
            ),
            "X509_NAME_add_entry_by_NID"
        )
    }
}
