import ChatProtocol
import CryptoCore

/// An admitted session, as the engine knows it.
struct EngineSession {
    let port: any SessionPort
    let member: Admission.Member
    /// The session's name: the digest of its certificate.
    let name: SHA256Digest
    /// The time at which the session ends, on the steady clock, in milliseconds.
    let end: Int64
}
