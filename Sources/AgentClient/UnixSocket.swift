public import AgentProtocol
internal import CLinux
public import CryptoCore
internal import Glibc

/// A connection to a socket of this machine, with a time limit for everything on it.
public struct UnixSocket: ~Copyable {
    private let descriptor: Int32
    private let end: AgentTime

    /// Connects; `end` is when the last read or write must be done.
    ///
    /// Throws `AgentError` where nobody listens.
    public init(_ path: String, until end: AgentTime) throws(AgentError) {
        descriptor = clinux_unix_socket()
        self.end = end
        guard descriptor >= 0 else { throw AgentError.unreachable(path) }
        // A connect waits only where the other side accepts nothing.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        let count = socklen_t(MemoryLayout<timeval>.size)
        // SAFETY: setsockopt reads the structure during the call.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, count)
        guard unsafe clinux_unix_connect(descriptor, path) == 0 else {
            throw AgentError.unreachable(path)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the process on the other side belongs to this user.
    public var isOwnUser: Bool { UnixSocket.isOwnUser(descriptor) }

    /// Whether the process on the other side of a socket belongs to this user.
    public static func isOwnUser(_ descriptor: Int32) -> Bool {
        var user: UInt32 = 0
        // SAFETY: one number is written.
        return unsafe clinux_peer_user(descriptor, &user) == 0 && user == geteuid()
    }

    /// Writes all bytes; throws `AgentError` if the other side does not take them in time.
    public func write(_ bytes: RawSpan) throws(AgentError) {
        var done = 0
        while done < bytes.byteCount {
            try wait(for: Int16(POLLOUT))
            // SAFETY: the range lies in the span.
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe send(
                    descriptor,
                    all.baseAddress?.advanced(by: done),
                    all.count - done,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw AgentError.noAnswer }
            done += count
        }
    }

    /// Reads one message; throws `AgentError` if it does not come in time, or is too long.
    public func message() throws(AgentError) -> SecretBytes {
        var buffer = MessageBuffer()
        var piece = SecretBuffer(count: AgentLimits.readByteCount)
        while true {
            if let message = buffer.takeMessage() { return message }
            try wait(for: Int16(POLLIN))
            let wanted = buffer.wantedByteCount
            let count = piece.withMutableBytes(0..<wanted) { view in
                // SAFETY: read writes at most the buffer's count.
                unsafe view.withUnsafeMutableBytes {
                    unsafe read(descriptor, $0.baseAddress, $0.count)
                }
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw AgentError.noAnswer }
            try piece.withBytes(0..<count) { bytes throws(AgentError) in try buffer.receive(bytes) }
        }
    }

    private func wait(for event: Int16) throws(AgentError) {
        while true {
            let left = end.millisecondsLeft
            guard left > 0 else { throw AgentError.noAnswer }
            var item = pollfd(fd: descriptor, events: event, revents: 0)
            // SAFETY: one structure is read and written.
            let status = unsafe poll(&item, 1, left)
            if status > 0 { return }
            guard status == 0 || errno == EINTR else { throw AgentError.noAnswer }
        }
    }
}
