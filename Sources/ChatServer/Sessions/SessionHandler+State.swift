import NIOCore

extension SessionHandler {
    /// Where a connection stands.
    enum State {
        case handshaking
        case awaitingHello(certificate: [UInt8])
        case judging(since: NIODeadline)
        /// It waits for its refusal.
        case refused
        case catchingUp
        case live
        case closed
    }
}
