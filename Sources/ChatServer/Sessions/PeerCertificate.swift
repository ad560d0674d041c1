/// What the verification callback of one connection saw; both run on the connection's loop.
final class PeerCertificate {
    var der: [UInt8]?
}
