internal import CPKCS11
internal import CryptoCore

/// An RSA mechanism of PKCS #11 with its parameters, as keyctl uses it.
enum Mechanism {
    /// RSASSA-PKCS1-v1_5 over a DigestInfo.
    case pkcs1
    /// RSASSA-PSS over a digest; the salt is as long as the digest.
    case pss(PSSHash)
    /// RSASSA-PSS with SHA-384 and a salt of 48 bytes over the whole message.
    case statement
    /// RSAES-OAEP with SHA-256 and a label.
    case oaep(label: [UInt8])
    /// The RSA operation without padding.
    case raw

    /// The hashes of PSS.
    enum PSSHash {
        case sha256
        case sha384
        case sha512
        case sha3With512Bits

        init(_ hash: HashAlgorithm) {
            switch hash {
            case .sha256: self = .sha256
            case .sha512: self = .sha512
            case .sha3With512Bits: self = .sha3With512Bits
            }
        }

        fileprivate var parameters: CK_RSA_PKCS_PSS_PARAMS {
            let (hash, generator, saltByteCount) =
                switch self {
                case .sha256: (UInt(CKM_SHA256), UInt(CKG_MGF1_SHA256), UInt(32))
                case .sha384: (UInt(CKM_SHA384), UInt(CKG_MGF1_SHA384), UInt(48))
                case .sha512: (UInt(CKM_SHA512), UInt(CKG_MGF1_SHA512), UInt(64))
                case .sha3With512Bits: (CPKCS11_SHA3_512, CPKCS11_MGF1_SHA3_512, UInt(64))
                }
            return CK_RSA_PKCS_PSS_PARAMS(hashAlg: hash, mgf: generator, sLen: saltByteCount)
        }
    }

    /// The number of PKCS #11.
    var type: CK_MECHANISM_TYPE {
        switch self {
        case .pkcs1: CK_MECHANISM_TYPE(CKM_RSA_PKCS)
        case .pss: CK_MECHANISM_TYPE(CKM_RSA_PKCS_PSS)
        case .statement: CK_MECHANISM_TYPE(CKM_SHA384_RSA_PKCS_PSS)
        case .oaep: CK_MECHANISM_TYPE(CKM_RSA_PKCS_OAEP)
        case .raw: CK_MECHANISM_TYPE(CKM_RSA_X_509)
        }
    }

    /// Calls `body` with the structure that the module reads; it is valid during the call.
    ///
    /// Throws what `body` throws.
    func withStructure<Result: ~Copyable>(
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        switch self {
        case .pkcs1, .raw:
            var mechanism = unsafe CK_MECHANISM(mechanism: type, pParameter: nil, ulParameterLen: 0)
            return try unsafe body(&mechanism)
        case .pss(let hash): return try unsafe withPSS(hash.parameters, body)
        case .statement: return try unsafe withPSS(PSSHash.sha384.parameters, body)
        case .oaep(let label): return try unsafe withOAEP(label, body)
        }
    }

    private func withPSS<Result: ~Copyable>(
        _ parameters: CK_RSA_PKCS_PSS_PARAMS,
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        var parameters = parameters
        // SAFETY: the parameters live during the call of `body`.
        return try unsafe withUnsafeMutablePointer(to: &parameters) { start throws(PKCS11Error) in
            var mechanism = unsafe CK_MECHANISM(
                mechanism: type,
                pParameter: start,
                ulParameterLen: CK_ULONG(MemoryLayout<CK_RSA_PKCS_PSS_PARAMS>.size)
            )
            return try unsafe body(&mechanism)
        }
    }

    private func withOAEP<Result: ~Copyable>(
        _ label: [UInt8],
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(label.count, 1),
            alignment: 1
        )
        defer { unsafe room.deallocate() }
        unsafe room.copyBytes(from: label)
        var parameters = unsafe CK_RSA_PKCS_OAEP_PARAMS(
            hashAlg: CK_MECHANISM_TYPE(CKM_SHA256),
            mgf: CK_RSA_PKCS_MGF_TYPE(CKG_MGF1_SHA256),
            source: CK_RSA_PKCS_OAEP_SOURCE_TYPE(CKZ_DATA_SPECIFIED),
            pSourceData: label.isEmpty ? nil : room.baseAddress,
            ulSourceDataLen: CK_ULONG(label.count)
        )
        // SAFETY: the parameters and the label live during the call of `body`.
        return try unsafe withUnsafeMutablePointer(to: &parameters) { start throws(PKCS11Error) in
            var mechanism = unsafe CK_MECHANISM(
                mechanism: type,
                pParameter: start,
                ulParameterLen: CK_ULONG(MemoryLayout<CK_RSA_PKCS_OAEP_PARAMS>.size)
            )
            return try unsafe body(&mechanism)
        }
    }
}

extension Token {
    /// More mechanisms than any token has.
    private static let largestMechanismCount = 4096

    /// Returns the numbers of all mechanisms that the token has; throws `PKCS11Error` if it fails.
    func mechanisms() throws(PKCS11Error) -> Set<CK_MECHANISM_TYPE> {
        var types = [CK_MECHANISM_TYPE](repeating: 0, count: Token.largestMechanismCount)
        var count = CK_ULONG(types.count)
        // SAFETY: the module writes at most as many numbers as the count says.
        let result = unsafe module.functions.pointee.C_GetMechanismList?(slot, &types, &count)
        try check("C_GetMechanismList", result)
        guard count <= CK_ULONG(types.count) else {
            throw PKCS11Error.wrongAnswer("C_GetMechanismList")
        }
        return Set(types.prefix(Int(count)))
    }
}
