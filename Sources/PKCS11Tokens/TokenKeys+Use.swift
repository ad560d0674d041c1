public import CryptoCore
public import Failures
public import KeyOperations

extension TokenKeys {
    /// Returns the keys of the one token that a URI names; throws `PKCS11Error` if it fails.
    public func list(
        _ uri: TokenURI,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> [TokenKeyDescription] {
        let token = try token(uri, asking: dialogue)
        var descriptions: [TokenKeyDescription] = []
        for key in try keys(uri, in: Session(token), of: token) {
            try key.examine()
            descriptions.append(TokenKeyDescription(key))
        }
        return descriptions
    }

    /// Returns what the token says of a key; throws `PKCS11Error` if the key is not there.
    public func open(
        _ reference: String,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> TokenKeyDescription {
        try withKey(reference, asking: dialogue) { key in TokenKeyDescription(key) }
    }

    /// Returns the signature of a whole statement, or of a digest.
    ///
    /// Throws `PKCS11Error` if the key does not offer that, or if the token fails.
    public func sign(
        _ request: SignatureRequest,
        with reference: String,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> [UInt8] {
        try withKey(reference, asking: dialogue) { key throws(PKCS11Error) in
            guard key.operations.contains(request.operation) else {
                throw PKCS11Error.notOffered(request.operation.description)
            }
            let (message, mechanism) = try TokenKeys.input(of: request, for: key)
            return try Session(key.token).sign(
                message,
                mechanism,
                key: key.object,
                count: key.publicKey.modulusByteCount
            ) { session throws(PKCS11Error) in
                try self.confirm(key, session, asking: dialogue)
            }
        }
    }

    private static func input(
        of request: SignatureRequest,
        for key: TokenKey
    ) throws(PKCS11Error) -> ([UInt8], Mechanism) {
        switch request {
        case .statement(let message):
            if key.signsStatementsWhole { return (message, .statement) }
            guard let digest = try? StatementDigest.digest(of: message) else {
                throw PKCS11Error.invalidDigest
            }
            return (digest, .pss(.sha384))
        case .digest(let digest, let scheme):
            guard digest.count == scheme.hash.byteCount else { throw PKCS11Error.invalidDigest }
            switch scheme {
            case .pkcs1(let hash): return (hash.digestInfo(digest), .pkcs1)
            case .pss(let hash): return (digest, .pss(Mechanism.PSSHash(hash)))
            }
        }
    }

    private func confirm(
        _ key: TokenKey,
        _ session: Session,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) {
        guard key.asksForEachUse else { return }
        try pins.confirm(session, key.token, asking: dialogue)
    }

    /// Returns the secret of a ciphertext: RSAES-OAEP, SHA-256 for hash and MGF1, and a label.
    ///
    /// Throws one `PKCS11Error` for every ciphertext that does not open, and others if the token
    /// cannot be used.
    public func unwrap(
        _ ciphertext: [UInt8],
        label: [UInt8],
        with reference: String,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> SecretBytes {
        try withKey(reference, asking: dialogue) { key throws(PKCS11Error) in
            guard key.operations.contains(.unwrap) else {
                throw PKCS11Error.notOffered(KeyOperation.unwrap.description)
            }
            guard ciphertext.count == key.publicKey.modulusByteCount else {
                throw PKCS11Error.notOpened
            }
            if key.unwrapping == nil { key.unwrapping = try self.choose(key, asking: dialogue) }
            switch key.unwrapping ?? .raw {
            case .oaep:
                return try self.openWithOAEP(ciphertext, label: label, key, asking: dialogue)
            case .raw: return try self.openRaw(ciphertext, label: label, key, asking: dialogue)
            }
        }
    }

    /// Tests the token's OAEP with a ciphertext of our own, before the first use of the key.
    ///
    /// Where each use costs a person a PIN, the token's word is taken.
    private func choose(
        _ key: TokenKey,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> TokenKey.Unwrapping {
        guard key.takesOAEP else { return .raw }
        guard key.takesRaw, !key.asksForEachUse else { return .oaep }
        let secret = Array("a test, not a secret".utf8)
        let label = TokenKey.testLabel
        guard let test = try? key.publicKey.encrypt(secret.borrowedBytes, label: label) else {
            return .raw
        }
        do throws(PKCS11Error) {
            let opened = try openWithOAEP(test, label: label, key, asking: dialogue)
            return constantTimeEquals(opened.bytes, secret.borrowedBytes) ? .oaep : .raw
        } catch {
            guard error.code == .invalid else { throw error }
            return .raw
        }
    }

    private func openWithOAEP(
        _ ciphertext: [UInt8],
        label: [UInt8],
        _ key: TokenKey,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> SecretBytes {
        let opened = try decrypt(ciphertext, .oaep(label: label), key, asking: dialogue)
        return SecretBytes(copying: opened.room.bytes.extracting(0..<opened.count))
    }

    /// The token does the RSA operation; the padding is taken off here, in constant time.
    private func openRaw(
        _ ciphertext: [UInt8],
        label: [UInt8],
        _ key: TokenKey,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> SecretBytes {
        let block = try decrypt(ciphertext, .raw, key, asking: dialogue)
        do throws(CryptoError) {
            return try key.publicKey.unpad(
                block.room.bytes.extracting(0..<block.count),
                label: label
            )
        } catch {
            throw PKCS11Error.notOpened
        }
    }

    private func decrypt(
        _ ciphertext: [UInt8],
        _ mechanism: Mechanism,
        _ key: TokenKey,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> Session.Decrypted {
        try Session(key.token).decrypt(
            ciphertext,
            mechanism,
            key: key.object,
            count: key.publicKey.modulusByteCount
        ) { session throws(PKCS11Error) in
            try self.confirm(key, session, asking: dialogue)
        }
    }
}

extension HashAlgorithm {
    /// Returns the DigestInfo of a digest (RFC 8017 § 9.2), which PKCS #1 v1.5 signs.
    fileprivate func digestInfo(_ digest: [UInt8]) -> [UInt8] {
        let nistHashes: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02]
        let number: UInt8 =
            switch self {
            case .sha256: 1
            case .sha512: 3
            case .sha3With512Bits: 10
            }
        let null: [UInt8] = [DER.Tag.null, 0]
        let algorithm = DER.sequence(DER.objectIdentifier(nistHashes + [number]) + null)
        return DER.sequence(algorithm + DER.octetString(digest))
    }
}
