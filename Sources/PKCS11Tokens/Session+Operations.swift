internal import CPKCS11
internal import CryptoCore
internal import Failures

extension Session {
    /// What a key is used for.
    enum Use {
        case sign
        case decrypt
    }

    /// Returns whether the token takes a mechanism with its parameters for a key.
    ///
    /// The operation is begun and given up with the session.
    func accepts(_ mechanism: Mechanism, _ use: Use, key: CK_OBJECT_HANDLE) -> Bool {
        let began: Void? = try? unsafe mechanism.withStructure { structure throws(PKCS11Error) in
            try unsafe begin(structure, use, key)
        }
        return began != nil
    }

    private func begin(
        _ mechanism: UnsafeMutablePointer<CK_MECHANISM>,
        _ use: Use,
        _ key: CK_OBJECT_HANDLE
    ) throws(PKCS11Error) {
        // SAFETY: the caller keeps the structure alive.
        switch use {
        case .sign:
            try check(
                "C_SignInit",
                unsafe functions.pointee.C_SignInit?(handle, mechanism, key)
            )
        case .decrypt:
            try check(
                "C_DecryptInit",
                unsafe functions.pointee.C_DecryptInit?(handle, mechanism, key)
            )
        }
    }

    /// Returns the signature of `message`, which has exactly `count` bytes.
    ///
    /// `confirm` runs after the operation began: the place for a login for this one use. Throws
    /// `PKCS11Error` if the token fails, and what `confirm` throws.
    func sign(
        _ message: [UInt8],
        _ mechanism: Mechanism,
        key: CK_OBJECT_HANDLE,
        count: Int,
        confirm: (Session) throws(PKCS11Error) -> Void
    ) throws(PKCS11Error) -> [UInt8] {
        try unsafe mechanism.withStructure { structure throws(PKCS11Error) in
            try unsafe begin(structure, .sign, key)
            try confirm(self)
            var message = message
            var signature = [UInt8](repeating: 0, count: count)
            var written = CK_ULONG(count)
            // SAFETY: the module reads the message's count, and writes at most `written` bytes.
            let result = unsafe functions.pointee.C_Sign?(
                handle,
                &message,
                CK_ULONG(message.count),
                &signature,
                &written
            )
            try check("C_Sign", result)
            guard written == CK_ULONG(count) else { throw PKCS11Error.wrongAnswer("C_Sign") }
            return signature
        }
    }

    /// Returns what a ciphertext decrypts to, at most `count` bytes.
    ///
    /// `confirm` runs after the operation began. Throws `PKCS11Error.notOpened` for every
    /// ciphertext that the token refuses, another `PKCS11Error` if it is gone, and what `confirm`
    /// throws.
    func decrypt(
        _ ciphertext: [UInt8],
        _ mechanism: Mechanism,
        key: CK_OBJECT_HANDLE,
        count: Int,
        confirm: (Session) throws(PKCS11Error) -> Void
    ) throws(PKCS11Error) -> Decrypted {
        try unsafe mechanism.withStructure { structure throws(PKCS11Error) in
            try unsafe begin(structure, .decrypt, key)
            try confirm(self)
            var ciphertext = ciphertext
            var written = CK_ULONG(count)
            var result: CK_RV?
            let room = SecretBytes(count: count) { view in
                // SAFETY: the module reads the ciphertext's count, and writes at most `written`
                // bytes.
                result = unsafe view.withUnsafeMutableBytes { output in
                    unsafe functions.pointee.C_Decrypt?(
                        handle,
                        &ciphertext,
                        CK_ULONG(ciphertext.count),
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        &written
                    )
                }
            }
            do throws(PKCS11Error) {
                try check("C_Decrypt", result)
            } catch {
                switch error.code {
                case .unavailable, .notFound: throw error
                case .invalid, .unsupported, .wrongSecret, .locked, .refused, .cancelled,
                    .internalFailure:
                    throw PKCS11Error.notOpened
                }
            }
            guard written <= CK_ULONG(count) else { throw PKCS11Error.wrongAnswer("C_Decrypt") }
            return Decrypted(room: room, count: Int(written))
        }
    }

    /// Decrypted bytes: the first `count` of a secret.
    struct Decrypted: ~Copyable {
        let room: SecretBytes
        let count: Int
    }
}
