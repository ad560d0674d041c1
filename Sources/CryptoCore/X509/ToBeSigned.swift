/// A certificate (RFC 5280 § 4.1) or a certification request (RFC 2986 § 4) that lacks only its
/// signature.
///
/// It holds bytes and no key: the key that signs them may live in another program.
public struct ToBeSigned: Sendable {
    /// The DER that the signature covers: TBSCertificate or CertificationRequestInfo.
    public let content: [UInt8]
    /// How it must be signed.
    public let algorithm: CertificateAlgorithm

    init(_ content: [UInt8], _ algorithm: CertificateAlgorithm) {
        self.content = content
        self.algorithm = algorithm
    }

    /// The whole structure as DER: the content, the algorithm, and a signature over the content.
    ///
    /// The signature is not verified here.
    public func assembled(with signature: [UInt8]) -> [UInt8] {
        DER.sequence(content + algorithm.identifier + DER.bitString(signature))
    }
}
