internal import CryptoCore

/// Files of other programs that users take for key files: what each is, and the command that
/// converts it.
enum ForeignFile {
    /// The first bytes of a kind of file, and the error that names the kind.
    private struct Mark {
        let bytes: [UInt8]
        let error: KeyFormatError

        init(_ text: String, _ what: String, hint: String) {
            self.init(Array(text.utf8), what, hint: hint)
        }

        init(_ bytes: [UInt8], _ what: String, hint: String) {
            self.bytes = bytes
            error = KeyFormatError.foreign(what, hint: hint)
        }
    }

    private static let utf16 = KeyFormatError.foreign(
        "UTF-16 text",
        hint: "write it as UTF-8 first: umask 077; iconv -f UTF-16 -t UTF-8 OLD > NEW"
    )

    private static let xml = KeyFormatError.foreign(
        "an XML key of .NET",
        hint: "write it as PEM in the program that uses it: RSA.ExportRSAPublicKeyPem()"
    )

    private static let putty = "a PuTTY private key"
    private static let puttyHint = "convert it first: puttygen OLD -O private-openssh-new -o NEW"
    private static let keystoreHint =
        "convert it first: keytool -importkeystore -srckeystore OLD -destkeystore NEW "
        + "-deststoretype pkcs12"
    private static let openPGPHint =
        "an RSA key that signs in to SSH can be written for it: gpg --export-ssh-key NAME > NEW"
    private static let blobHint = "openssl reads it: openssl rsa -inform "

    private static let marks = [
        Mark([0xff, 0xfe], "UTF-16 text", hint: utf16.hint ?? ""),
        Mark([0xfe, 0xff], "UTF-16 text", hint: utf16.hint ?? ""),
        Mark("PuTTY-User-Key-File-", putty, hint: puttyHint),
        Mark([0xfe, 0xed, 0xfe, 0xed], "a Java keystore (JKS)", hint: keystoreHint),
        Mark(
            [0xce, 0xce, 0xce, 0xce],
            "a Java keystore (JCEKS)",
            hint: keystoreHint + " -srcstoretype jceks"
        ),
        Mark(
            "SSH PRIVATE KEY FILE FORMAT 1.1\n",
            "a private key of SSH version 1",
            hint: "make a new one: keyctl gen --user NAME"
        ),
        Mark(
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
            "a private key of ssh.com",
            hint: "remove its passphrase, then convert it: umask 077; ssh-keygen -i -f OLD > NEW "
                + "(NEW is not encrypted)"
        ),
        Mark(
            "SSHKRL\n\0",
            "an OpenSSH key revocation list",
            hint: "look a key up in it: ssh-keygen -Q -f LIST KEY.pub"
        ),
        Mark(
            [0x1e, 0xf1, 0xb5, 0xb0],
            "a Microsoft private key (PVK)",
            hint: blobHint + "PVK -in OLD -out NEW (NEW is not encrypted)"
        ),
        Mark(
            [0x07, 0x02, 0x00, 0x00, 0x00, 0xa4],
            "a Microsoft private key blob",
            hint: blobHint + "'MS PRIVATEKEYBLOB' -in OLD -out NEW (NEW is not encrypted)"
        ),
        Mark(
            [0x06, 0x02, 0x00, 0x00, 0x00, 0xa4],
            "a Microsoft public key blob",
            hint: blobHint + "'MS PUBLICKEYBLOB' -pubin -in OLD -out NEW"
        ),
        Mark(
            "ssh-rsa-cert-v01@openssh.com ",
            "an OpenSSH certificate",
            hint: "give the public key that it was made from: the .pub file without -cert"
        ),
    ]

    /// Returns the error for a file whose first bytes name its kind; `nil` for other files.
    ///
    /// The caller asks before it searches a text for blocks: such a file may have a block in a
    /// comment.
    static func markedError(for bytes: RawSpan) -> KeyFormatError? {
        if let mark = marks.first(where: { bytes.starts(with: $0.bytes) }) { return mark.error }
        if bytes.firstCharacter == UInt8(ascii: "<"), bytes.contains(Array("<RSAKeyValue".utf8)) {
            return xml
        }
        return isOpenPGP(bytes) ? .foreign("an OpenPGP key", hint: openPGPHint) : nil
    }

    /// Returns the error for a file without a known key format; `unknownFormat` if its kind is
    /// unknown.
    static func error(for bytes: RawSpan) -> KeyFormatError {
        if let error = markedError(for: bytes) { return error }
        if isUTF16(bytes) { return utf16 }
        if isSignedData(bytes) { return signedData("-inform DER ") }
        if isBareBase64(bytes) {
            return .foreign(
                "base64 without BEGIN and END lines",
                hint: "decode it first: umask 077; base64 -d OLD > NEW.der"
            )
        }
        if bytes.firstCharacter == UInt8(ascii: "{") {
            return .unreadableJSON
        }
        return KeyFormatError.unknownFormat
    }

    /// Returns the error for a text that begins with a block of this label, before the blocks are
    /// read.
    ///
    /// Returns `nil` if the block may be a key.
    static func error(forLabel label: String) -> KeyFormatError? {
        label.hasPrefix("PGP ") ? .foreign("an OpenPGP file", hint: openPGPHint) : nil
    }

    /// Returns the kind of key in a block of this label; `nil` if the block holds no key.
    static func keyKind(forLabel label: String) -> String? {
        switch label {
        case "EC PRIVATE KEY": "elliptic curve (EC)"
        case "DSA PRIVATE KEY": "DSA"
        case "RSA-PSS PRIVATE KEY", "RSA-PSS PUBLIC KEY": KeyAlgorithm.restrictedRSA.name
        case "TSS2 PRIVATE KEY": "kept in a TPM"
        default: nil
        }
    }

    /// Returns the error for a text in which no block is a key.
    static func error(forUnknownLabel label: String) -> KeyFormatError {
        switch label {
        case "PKCS7", "CMS", "PKCS #7 SIGNED DATA": signedData("")
        case "TRUSTED CERTIFICATE":
            .foreign(
                "a certificate with OpenSSL's own trust settings",
                hint: "write it without them: openssl x509 -in OLD -out NEW"
            )
        case "X509 CRL":
            .foreign(
                "a certificate revocation list",
                hint: "see it with: openssl crl -noout -text -in FILE"
            )
        default:
            .foreign(
                "a PEM block \"\(Printable.text(label, limit: 64))\"",
                hint: "see the formats that are supported: keyctl convert --help"
            )
        }
    }

    private static func signedData(_ option: String) -> KeyFormatError {
        .foreign(
            "a bundle of certificates (PKCS#7)",
            hint: "write them as PEM first: openssl pkcs7 \(option)-print_certs -in OLD -out NEW"
        )
    }

    /// Returns whether the bytes are UTF-16 text in ASCII characters without a byte order mark.
    private static func isUTF16(_ bytes: RawSpan) -> Bool {
        let probedByteCount = 16
        guard bytes.byteCount >= probedByteCount else { return false }
        let zeros = (0..<probedByteCount).filter { bytes.byte(at: $0) == 0 }
        return zeros == Array(stride(from: 0, to: probedByteCount, by: 2))
            || zeros == Array(stride(from: 1, to: probedByteCount, by: 2))
    }

    /// Returns whether the bytes are a ContentInfo of type signedData (RFC 5652 § 3).
    private static func isSignedData(_ bytes: RawSpan) -> Bool {
        let identifier: [UInt8] = [
            0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02,
        ]
        guard let member = DERShape.member(0, of: bytes), member.upperBound <= bytes.byteCount
        else { return false }
        return bytes.extracting(member).starts(with: identifier)
    }

    /// Returns whether the bytes are a packet with a key of version 3 to 6 (RFC 9580 § 4.2).
    private static func isOpenPGP(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount > 6 else { return false }
        let first = bytes.byte(at: 0)
        let versions: ClosedRange<UInt8> = 3...6
        switch first {
        case 0x94...0x97, 0x98...0x9b:  // old form: its low bits give the size of the length
            let lengthByteCount = 1 << Int(first & 3)
            return lengthByteCount <= 4
                && versions.contains(bytes.byte(at: 1 + lengthByteCount))
        case 0xc5, 0xc6:  // new form
            let length = bytes.byte(at: 1)
            let lengthByteCount = length < 192 ? 1 : length < 224 ? 2 : 5
            return versions.contains(bytes.byte(at: 1 + lengthByteCount))
        default: return false
        }
    }

    /// Returns whether the bytes are the base64 of a DER SEQUENCE, as some services hand keys out.
    private static func isBareBase64(_ bytes: RawSpan) -> Bool {
        guard bytes.starts(with: Array("MI".utf8)) else { return false }
        for index in 0..<bytes.byteCount {
            switch bytes.byte(at: index) {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
                UInt8(ascii: "="), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "):
                continue
            default: return false
            }
        }
        return true
    }
}
