import ChatProtocol
import CryptoCore

/// A session that was let in, as the writer knows it.
struct EngineSession {
    let port: any SessionPort
    let member: Admission.Member
    /// The session's name: the digest of its certificate.
    let name: SHA256Digest
    /// When it ends, on the steady clock, in milliseconds.
    let end: Int64
}
