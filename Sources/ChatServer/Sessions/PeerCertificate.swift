/// The certificate that TLS verified for one connection; it is written and read on the connection's
/// event loop.
final class PeerCertificate {
    var der: [UInt8]?
}
