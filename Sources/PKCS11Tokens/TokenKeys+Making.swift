internal import CPKCS11
internal import CryptoCore
public import Failures
internal import KeyOperations

extension TokenKeys {
    private static let idByteCount = 20
    private static let bitCounts = [2048, 3072, 4096]

    /// Makes a key in the one token that a URI names; it can never leave the token.
    ///
    /// `label` is for people; an `object` of the URI replaces it, and an `id` is taken from there.
    /// Throws `PKCS11Error` if the token lacks what keyctl needs, or makes a key that could leave
    /// it: then the key is deleted again.
    public func generate(
        bitCount: Int,
        label: String,
        in uri: TokenURI,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> TokenKeyDescription {
        guard TokenKeys.bitCounts.contains(bitCount) else {
            throw PKCS11Error.invalidBitCount(bitCount)
        }
        let label = uri.attributes[.object] ?? Array(label.utf8)
        guard (1...TokenKeys.largestLabelByteCount).contains(label.count) else {
            throw PKCS11Error.invalidLabel
        }
        let token = try present(uri)
        try TokenKeys.requireMechanisms(token)
        try logIn(token, asking: dialogue)
        let session = try Session(token, isWritable: true)
        let id = try freeID(uri, session, token)
        let (publicHalf, privateHalf) = try dialogue.wait("the token makes the key") {
            () throws(PKCS11Error) in
            try session.generate(bitCount: bitCount, label: label, id: id)
        }
        do throws(PKCS11Error) {
            let key = try TokenKeys.examined(privateHalf, bitCount, session, token)
            return TokenKeyDescription(key)
        } catch {
            try? session.destroy(publicHalf)
            try? session.destroy(privateHalf)
            throw error
        }
    }

    /// Throws `PKCS11Error` unless the token has what every key of keyctl must do.
    private static func requireMechanisms(_ token: Token) throws(PKCS11Error) {
        let mechanisms = try token.mechanisms()
        func has(_ type: UInt) -> Bool { mechanisms.contains(CK_MECHANISM_TYPE(type)) }
        guard has(UInt(CKM_RSA_PKCS_KEY_PAIR_GEN)) else {
            throw PKCS11Error.missingMechanism("make RSA keys", token.uri)
        }
        // PSS is not built on the raw operation: a key that may do that signs everything.
        guard has(UInt(CKM_SHA384_RSA_PKCS_PSS)) || has(UInt(CKM_RSA_PKCS_PSS)) else {
            throw PKCS11Error.missingMechanism(
                "sign with RSASSA-PSS, which keyctl needs: it has neither "
                    + "CKM_SHA384_RSA_PKCS_PSS nor CKM_RSA_PKCS_PSS",
                token.uri
            )
        }
        guard has(UInt(CKM_RSA_PKCS)) else {
            throw PKCS11Error.missingMechanism("sign with CKM_RSA_PKCS", token.uri)
        }
        guard has(UInt(CKM_RSA_PKCS_OAEP)) || has(UInt(CKM_RSA_X_509)) else {
            throw PKCS11Error.missingMechanism(
                "decrypt: it has neither CKM_RSA_PKCS_OAEP nor CKM_RSA_X_509",
                token.uri
            )
        }
    }

    private func freeID(
        _ uri: TokenURI,
        _ session: Session,
        _ token: Token
    ) throws(PKCS11Error) -> [UInt8] {
        guard let wanted = uri.attributes[.id] else {
            guard let random = try? SecureRandom.bytes(count: TokenKeys.idByteCount) else {
                throw PKCS11Error.wrongAnswer("RAND_bytes")
            }
            return random
        }
        var taken = TokenURI()
        taken.attributes[.id] = wanted
        guard !wanted.isEmpty, try keys(taken, in: session, of: token).isEmpty else {
            throw PKCS11Error.takenID(taken)
        }
        return wanted
    }

    /// Reads a new key back; throws `PKCS11Error` if it is not what was asked for.
    private static func examined(
        _ object: CK_OBJECT_HANDLE,
        _ bitCount: Int,
        _ session: Session,
        _ token: Token
    ) throws(PKCS11Error) -> TokenKey {
        let isSensitive = try session.flag(UInt(CKA_SENSITIVE), of: object)
        let wasSensitive = try session.flag(UInt(CKA_ALWAYS_SENSITIVE), of: object)
        let isExtractable = try session.flag(UInt(CKA_EXTRACTABLE), of: object)
        let wasNotExtractable = try session.flag(UInt(CKA_NEVER_EXTRACTABLE), of: object)
        guard isSensitive == true, wasSensitive == true, isExtractable == false,
            wasNotExtractable == true
        else { throw PKCS11Error.unsafeKey("the token would give it out") }
        guard let key = try TokenKey(object, in: session, of: token) else {
            throw PKCS11Error.unsafeKey("the token does not show its public half")
        }
        guard key.publicKey.bitCount == bitCount, key.publicKey.exponent == [1, 0, 1] else {
            throw PKCS11Error.unsafeKey("it has another length or exponent than was asked for")
        }
        try key.examine()
        let needed: [KeyOperation] = [.signStatement, .signDigest(.pkcs1(.sha512)), .unwrap]
        for operation in needed where !key.operations.contains(operation) {
            throw PKCS11Error.unsafeKey("the token does not offer \(operation) with it")
        }
        return key
    }

    /// Deletes both halves of a key; throws `PKCS11Error` if the token refuses.
    public func delete(
        _ reference: String,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) {
        try withKey(reference, asking: dialogue) { key throws(PKCS11Error) in
            let session = try Session(key.token, isWritable: true)
            let template = TokenKeys.template(
                CK_OBJECT_CLASS(CKO_PUBLIC_KEY),
                id: key.id.isEmpty ? nil : key.id,
                label: key.id.isEmpty ? key.label : nil
            )
            // The public half goes first: after a failure, the reference still finds the key.
            for half in try session.objects(template)
            where try session.modulus(of: half) == key.publicKey.modulus {
                try session.destroy(half)
            }
            try session.destroy(key.object)
        }
        forget(reference)
    }
}

extension Session {
    fileprivate func generate(
        bitCount: Int,
        label: [UInt8],
        id: [UInt8]
    ) throws(PKCS11Error) -> (publicHalf: CK_OBJECT_HANDLE, privateHalf: CK_OBJECT_HANDLE) {
        let both: [(CK_ATTRIBUTE_TYPE, AttributeValue)] = [
            (CK_ATTRIBUTE_TYPE(CKA_TOKEN), .flag(true)),
            (CK_ATTRIBUTE_TYPE(CKA_LABEL), .data(label)),
            (CK_ATTRIBUTE_TYPE(CKA_ID), .data(id)),
        ]
        let publicTemplate = AttributeTemplate(
            both + [
                (CK_ATTRIBUTE_TYPE(CKA_PRIVATE), .flag(false)),
                (CK_ATTRIBUTE_TYPE(CKA_VERIFY), .flag(true)),
                (CK_ATTRIBUTE_TYPE(CKA_ENCRYPT), .flag(true)),
                (CK_ATTRIBUTE_TYPE(CKA_MODULUS_BITS), .number(UInt(bitCount))),
                (CK_ATTRIBUTE_TYPE(CKA_PUBLIC_EXPONENT), .data([1, 0, 1])),
            ]
        )
        let privateTemplate = AttributeTemplate(
            both + [
                (CK_ATTRIBUTE_TYPE(CKA_PRIVATE), .flag(true)),
                (CK_ATTRIBUTE_TYPE(CKA_SENSITIVE), .flag(true)),
                (CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), .flag(false)),
                (CK_ATTRIBUTE_TYPE(CKA_SIGN), .flag(true)),
                (CK_ATTRIBUTE_TYPE(CKA_DECRYPT), .flag(true)),
            ]
        )
        var mechanism = unsafe CK_MECHANISM(
            mechanism: CK_MECHANISM_TYPE(CKM_RSA_PKCS_KEY_PAIR_GEN),
            pParameter: nil,
            ulParameterLen: 0
        )
        var publicHalf = CK_OBJECT_HANDLE(CK_INVALID_HANDLE)
        var privateHalf = CK_OBJECT_HANDLE(CK_INVALID_HANDLE)
        // SAFETY: the templates live during the call, which writes two handles.
        let result = unsafe functions.pointee.C_GenerateKeyPair?(
            handle,
            &mechanism,
            publicTemplate.start,
            publicTemplate.count,
            privateTemplate.start,
            privateTemplate.count,
            &publicHalf,
            &privateHalf
        )
        try check("C_GenerateKeyPair", result)
        return (publicHalf, privateHalf)
    }
}
