internal import COpenSSL

/// The fields of a certificate that `X509Certificate.toBeIssued` made, read from its signed bytes.
///
/// The holder of a key reads them before it signs. The fields are written again and compared, so no
/// byte has a second meaning.
public struct IssuedCertificate: Sendable {
    /// The beginning of the validity, in seconds since 1970.
    public let notBefore: Int64
    /// The end of the validity, in seconds since 1970.
    public let notAfter: Int64
    /// The one use.
    public let use: CertificateUse
    /// The extensions after those that every such certificate has.
    public let extensions: [(identifier: [UInt8], content: [UInt8])]

    private static let largestExtensionCount = 4
    private static let serialByteCount = 16
    private static let version = DER.explicit(0, DER.integer(2))
    private static let explicitExtensions: UInt8 = 0xa3
    private static let utcTime: UInt8 = 0x17
    private static let utf8String: UInt8 = 0x0c
    // The contents of object identifiers.
    private static let commonNameType: [UInt8] = [0x55, 0x04, 0x03]
    private static let basicConstraints: [UInt8] = [0x55, 0x1d, 0x13]
    private static let keyUsage: [UInt8] = [0x55, 0x1d, 0x0f]
    private static let extendedKeyUsage: [UInt8] = [0x55, 0x1d, 0x25]
    private static let keyPurposes: [UInt8] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03]
    // SubjectPublicKeyInfo of a P-256 key up to the point (RFC 5480 § 2).
    private static let p256Prefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    /// Reads a TBSCertificate (RFC 5280 § 4.1) with this common name.
    ///
    /// `nil` for everything that `toBeIssued` would not write.
    public init?(toBeSigned der: [UInt8], commonName: String) {
        guard der.count <= X509Certificate.largestByteCount,
            let fields = try? Fields(der, commonName: commonName),
            fields.encoded(commonName: commonName) == der,
            let notBefore = IssuedCertificate.seconds(fields.notBefore),
            let notAfter = IssuedCertificate.seconds(fields.notAfter),
            (try? P256PublicKey(x963Representation: fields.point)) != nil
        else { return nil }
        self.notBefore = notBefore
        self.notAfter = notAfter
        use = fields.use
        extensions = fields.extensions
    }

    /// What differs between two such certificates.
    private struct Fields {
        let serial: [UInt8]
        let notBefore: [UInt8]
        let notAfter: [UInt8]
        let point: [UInt8]
        let use: CertificateUse
        let extensions: [(identifier: [UInt8], content: [UInt8])]

        init(_ der: [UInt8], commonName: String) throws(CryptoError) {
            let refused = CryptoError.invalidEncoding("certificate")
            var whole = DERReader(der)
            var reader = try whole.sequence()
            try whole.finish()
            _ = try reader.next(IssuedCertificate.version[0])
            serial = try reader.next(DER.Tag.integer)
            guard serial.count == IssuedCertificate.serialByteCount, serial[0] & 0xc0 == 0x40 else {
                throw refused
            }
            _ = try reader.next(DER.Tag.sequence)  // the algorithm, compared below
            _ = try reader.next(DER.Tag.sequence)  // the issuer
            var validity = try reader.sequence()
            notBefore = try validity.next(IssuedCertificate.utcTime)
            notAfter = try validity.next(IssuedCertificate.utcTime)
            _ = try reader.next(DER.Tag.sequence)  // the subject
            let key = try reader.next(DER.Tag.sequence)
            guard key.count >= P256PublicKey.x963ByteCount else { throw refused }
            point = Array(key.suffix(P256PublicKey.x963ByteCount))
            var outer = DERReader(try reader.next(IssuedCertificate.explicitExtensions))
            var list = try outer.sequence()
            for _ in 0..<2 { _ = try list.next(DER.Tag.sequence) }  // constraints and key usage
            var usage = try list.sequence()
            _ = try usage.next(DER.Tag.objectIdentifier)
            _ = try usage.next(0x01)
            var content = DERReader(try usage.next(DER.Tag.octetString))
            var purposes = try content.sequence()
            switch try purposes.next(DER.Tag.objectIdentifier) {
            case IssuedCertificate.keyPurposes + [1]: use = .server
            case IssuedCertificate.keyPurposes + [2]: use = .client
            default: throw refused
            }
            var extensions: [(identifier: [UInt8], content: [UInt8])] = []
            while !list.isAtEnd {
                guard extensions.count < IssuedCertificate.largestExtensionCount else {
                    throw refused
                }
                var item = try list.sequence()
                let identifier = try item.next(DER.Tag.objectIdentifier)
                extensions.append((identifier, try item.next(DER.Tag.octetString)))
            }
            self.extensions = extensions
        }

        /// The same certificate, as `toBeIssued` writes it.
        func encoded(commonName: String) -> [UInt8] {
            let attribute = DER.sequence(
                DER.objectIdentifier(IssuedCertificate.commonNameType)
                    + DER.head(IssuedCertificate.utf8String, count: commonName.utf8.count)
                    + Array(commonName.utf8)
            )
            let name = DER.sequence(DER.head(0x31, count: attribute.count) + attribute)
            let validity = DER.sequence(time(notBefore) + time(notAfter))
            let purpose = IssuedCertificate.keyPurposes + [use.purpose]
            var list =
                critical(IssuedCertificate.basicConstraints, DER.sequence([]))
                + critical(IssuedCertificate.keyUsage, [DER.Tag.bitString, 2, 7, 0x80])
                + critical(
                    IssuedCertificate.extendedKeyUsage,
                    DER.sequence(DER.objectIdentifier(purpose))
                )
            for (identifier, content) in extensions {
                list += DER.sequence(
                    DER.objectIdentifier(identifier) + DER.octetString(content)
                )
            }
            return DER.sequence(
                IssuedCertificate.version + DER.head(DER.Tag.integer, count: serial.count) + serial
                    + CertificateAlgorithm.pssSHA384.identifier + name + validity + name
                    + IssuedCertificate.p256Prefix + point
                    + DER.explicit(3, DER.sequence(list))
            )
        }

        private func time(_ text: [UInt8]) -> [UInt8] {
            DER.head(IssuedCertificate.utcTime, count: text.count) + text
        }

        private func critical(_ identifier: [UInt8], _ content: [UInt8]) -> [UInt8] {
            DER.sequence(
                DER.objectIdentifier(identifier) + [0x01, 0x01, 0xff] + DER.octetString(content)
            )
        }
    }

    /// Returns the seconds since 1970 of `YYMMDDHHMMSSZ` (RFC 5280 § 4.1.2.5.1); `nil` for other
    /// text.
    private static func seconds(_ text: [UInt8]) -> Int64? {
        guard text.count == 13, text[12] == UInt8(ascii: "Z"),
            text[..<12].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        func number(_ index: Int) -> Int64 {
            Int64(text[2 * index] - UInt8(ascii: "0")) * 10
                + Int64(text[2 * index + 1] - UInt8(ascii: "0"))
        }
        let year = number(0) + (number(0) < 50 ? 2000 : 1900)
        guard (1...12).contains(number(1)), (1...31).contains(number(2)), number(3) < 24,
            number(4) < 60, number(5) < 60
        else { return nil }
        // Days of the civil calendar, with years that begin in March.
        let shifted = number(1) <= 2 ? year - 1 : year
        let month = (number(1) + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + number(2) - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86_400 + number(3) * 3_600 + number(4) * 60 + number(5)
    }

    /// The content of the object identifier that dotted text names; `nil` for other text.
    public static func identifierContent(_ text: String) -> [UInt8]? {
        guard let object = unsafe OBJ_txt2obj(text, 1) else { return nil }
        defer { unsafe ASN1_OBJECT_free(object) }
        guard let start = unsafe OBJ_get0_data(object) else { return nil }
        // SAFETY: the bytes belong to the object and are copied at once.
        return unsafe Array(UnsafeBufferPointer(start: start, count: OBJ_length(object)))
    }
}

extension CertificateUse {
    /// The last number of the object identifier of the use.
    fileprivate var purpose: UInt8 {
        switch self {
        case .server: 1
        case .client: 2
        }
    }
}
