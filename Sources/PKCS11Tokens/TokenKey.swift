internal import CPKCS11
internal import CryptoCore
internal import Failures
internal import KeyOperations

/// A private RSA key that is in a token, as a session found it.
final class TokenKey {
    let token: Token
    let object: CK_OBJECT_HANDLE
    let id: [UInt8]
    let label: [UInt8]
    let publicKey: RSAPublicKey
    /// Whether the token wants a login before each use.
    let asksForEachUse: Bool
    private let signs: Bool
    private let decrypts: Bool
    /// How the key unwraps; `nil` until the first time.
    var unwrapping: Unwrapping?
    private(set) var operations: Set<KeyOperation> = []
    private(set) var signsStatementsWhole = false
    private(set) var takesOAEP = false
    private(set) var takesRaw = false

    enum Unwrapping {
        case oaep
        case raw
    }

    private static let largestTextByteCount = 1024

    /// Reads what the token says of a key; `nil` if it is no RSA key that keyctl could use.
    ///
    /// Throws `PKCS11Error` if the module fails or gives impossible answers.
    init?(_ object: CK_OBJECT_HANDLE, in session: Session, of token: Token) throws(PKCS11Error) {
        self.token = token
        self.object = object
        let limit = TokenKey.largestTextByteCount
        id = try session.value(UInt(CKA_ID), of: object, limit: limit) ?? []
        label = try session.value(UInt(CKA_LABEL), of: object, limit: limit) ?? []
        signs = try session.flag(UInt(CKA_SIGN), of: object) ?? false
        decrypts = try session.flag(UInt(CKA_DECRYPT), of: object) ?? false
        asksForEachUse = try session.flag(UInt(CKA_ALWAYS_AUTHENTICATE), of: object) ?? false
        guard !id.isEmpty || !label.isEmpty,
            let publicKey = try session.publicKey(of: object, id: id)
        else { return nil }
        self.publicKey = publicKey
        guard uri.description.utf8.count <= TokenURI.largestByteCount else { return nil }
    }

    /// The URI that finds the key again.
    var uri: TokenURI {
        var uri = token.uri
        if id.isEmpty { uri.attributes[.object] = label } else { uri.attributes[.id] = id }
        uri.attributes[.type] = Array("private".utf8)
        return uri
    }

    /// Asks the token which operations it takes with this key.
    ///
    /// Throws `PKCS11Error` if the module fails.
    func examine() throws(PKCS11Error) {
        let mechanisms = try token.mechanisms()
        operations = []
        if signs {
            signsStatementsWhole = try accepts(.statement, .sign, mechanisms)
            let signsDigests = try accepts(.pss(.sha384), .sign, mechanisms)
            if signsStatementsWhole || signsDigests { operations.insert(.signStatement) }
            let takesPKCS1 = try accepts(.pkcs1, .sign, mechanisms)
            for hash in HashAlgorithm.allCases {
                if takesPKCS1 { operations.insert(.signDigest(.pkcs1(hash))) }
                if try accepts(.pss(Mechanism.PSSHash(hash)), .sign, mechanisms) {
                    operations.insert(.signDigest(.pss(hash)))
                }
            }
        }
        if decrypts {
            takesOAEP = try accepts(.oaep(label: TokenKey.testLabel), .decrypt, mechanisms)
            takesRaw = try accepts(.raw, .decrypt, mechanisms)
            if takesOAEP || takesRaw { operations.insert(.unwrap) }
        }
    }

    /// The label of the ciphertext that tests the token's OAEP.
    static let testLabel = Array("keyctl-plugin-pkcs11 test".utf8)

    private func accepts(
        _ mechanism: Mechanism,
        _ use: Session.Use,
        _ mechanisms: Set<CK_MECHANISM_TYPE>
    ) throws(PKCS11Error) -> Bool {
        guard mechanisms.contains(mechanism.type) else { return false }
        return try Session(token).accepts(mechanism, use, key: object)
    }
}

extension Session {
    private static let largestNumberByteCount = RSAPublicKey.largestBitCount / 8

    /// Returns the public half of a private key; `nil` if the token does not show it, or if it is
    /// no RSA key that keyctl takes.
    ///
    /// Throws `PKCS11Error` if the module fails.
    fileprivate func publicKey(
        of object: CK_OBJECT_HANDLE,
        id: [UInt8]
    ) throws(PKCS11Error) -> RSAPublicKey? {
        let limit = Session.largestNumberByteCount
        if let modulus = try value(UInt(CKA_MODULUS), of: object, limit: limit),
            let exponent = try value(UInt(CKA_PUBLIC_EXPONENT), of: object, limit: limit),
            !modulus.isEmpty, !exponent.isEmpty
        {
            return RSAPublicKey.usable(modulus: modulus, exponent: exponent)
        }
        guard !id.isEmpty else { return nil }
        for half in try objects(TokenKeys.template(CK_OBJECT_CLASS(CKO_PUBLIC_KEY), id: id)) {
            guard let modulus = try value(UInt(CKA_MODULUS), of: half, limit: limit),
                let exponent = try value(UInt(CKA_PUBLIC_EXPONENT), of: half, limit: limit)
            else { continue }
            return RSAPublicKey.usable(modulus: modulus, exponent: exponent)
        }
        return nil
    }

    /// Returns the modulus of a public object, without leading zeros.
    func modulus(of object: CK_OBJECT_HANDLE) throws(PKCS11Error) -> [UInt8]? {
        let limit = Session.largestNumberByteCount
        return try value(UInt(CKA_MODULUS), of: object, limit: limit).map { bytes in
            Array(bytes.drop { $0 == 0 })
        }
    }
}

extension RSAPublicKey {
    fileprivate static func usable(modulus: [UInt8], exponent: [UInt8]) -> RSAPublicKey? {
        let key = try? RSAPublicKey(modulus: modulus, exponent: exponent)
        return key.flatMap { $0.bitCount >= RSAPublicKey.smallestBitCount ? $0 : nil }
    }
}
