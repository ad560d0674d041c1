internal import AgentClient
internal import AgentProtocol
internal import CryptoCore
internal import Glibc

/// One connection of the agent: its descriptor, what was read of a message, what is to be written.
///
/// The agent's one thread owns it.
final class Peer {
    /// What the peer waits for.
    enum State {
        case reading
        case writing
        case job
        case sleeping(until: AgentTime)
    }

    enum Machine {
        case ssh(SSHConnection)
        case own(OwnConnection)
    }

    let descriptor: Int32
    var machine: Machine
    var state = State.reading
    var lastActivity: AgentTime
    private var input = MessageBuffer()
    private var output: SecretBytes
    private var written = 0

    init(_ descriptor: Int32, _ machine: Machine, now: AgentTime) {
        self.descriptor = descriptor
        self.machine = machine
        lastActivity = now
        output = SecretBytes(count: 0) { _ in }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// The events of `poll` that matter now.
    var events: Int16 {
        switch state {
        case .reading: Int16(POLLIN)
        case .writing: Int16(POLLOUT)
        case .job, .sleeping: 0
        }
    }

    /// The memory of an unfinished large message, in bytes.
    var largeByteCount: Int { input.largeByteCount }

    /// The outcome of reading.
    enum Read: ~Copyable {
        case message(SecretBytes)
        case nothing
        case closed
    }

    /// Reads what is there of one message.
    func read() -> Read {
        while true {
            if let message = input.takeMessage() { return .message(message) }
            // Cleansed on every way out: it may be a passphrase or a key.
            var piece = SecretBuffer(count: input.wantedByteCount)
            let count = piece.withMutableBytes(0..<piece.count) { view in
                // SAFETY: read writes at most the buffer's count.
                unsafe view.withUnsafeMutableBytes {
                    unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
                }
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .nothing }
            guard count > 0 else { return .closed }
            do throws(AgentError) {
                try piece.withBytes(0..<count) { bytes throws(AgentError) in
                    try input.receive(bytes)
                }
            } catch { return .closed }
        }
    }

    /// Begins to write an answer; the next message is read after it.
    func answer(_ bytes: consuming SecretBytes) {
        output = bytes
        written = 0
        state = .writing
    }

    /// Writes what the other side takes; returns whether the connection still lives.
    func write() -> Bool {
        while written < output.count {
            let start = written
            let count = output.withBytes { bytes in
                // SAFETY: the range lies in the span.
                unsafe bytes.withUnsafeBytes { all in
                    unsafe send(
                        descriptor,
                        all.baseAddress?.advanced(by: start),
                        all.count - start,
                        Int32(MSG_NOSIGNAL)
                    )
                }
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return true }
            guard count > 0 else { return false }
            written += count
        }
        output = SecretBytes(count: 0) { _ in }
        written = 0
        state = .reading
        return true
    }
}
