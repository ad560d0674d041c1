internal import AgentClient
internal import AgentProtocol
internal import CLinux
internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// The agent's folder, its lock, and the two sockets that listen in it.
///
/// The agent owns it while it lives. At the end it removes the sockets that it made.
public struct AgentFolder: ~Copyable {
    /// The path of the SSH socket.
    public let sshPath: String
    /// The path of the own socket.
    public let ownPath: String
    let sshDescriptor: Int32
    let ownDescriptor: Int32
    private let lock: FileLock
    private let lockPath: String
    private let lockFile: FileNumber?
    private let isPassed: Bool

    /// Makes the folder and listens in it.
    ///
    /// Sockets of a dead agent are replaced. Throws `AgentError` where a living one has the folder,
    /// and `FileError` where others can read it.
    public init(_ folder: String) throws {
        let lock = try AgentFolder.lock(folder)
        let sshPath = AgentAddress.sshSocket(in: folder)
        let ownPath = AgentAddress.ownSocket(in: folder)
        let ssh = try AgentFolder.listen(sshPath)
        let own: Int32
        do { own = try AgentFolder.listen(ownPath) } catch {
            close(ssh)
            unsafe unlink(sshPath)
            throw error
        }
        self.lock = lock
        lockPath = AgentAddress.lock(in: folder)
        lockFile = FileNumber(lockPath)
        self.sshPath = sshPath
        self.ownPath = ownPath
        isPassed = false
        sshDescriptor = ssh
        ownDescriptor = own
    }

    /// Takes two listening sockets that systemd made (sd_listen_fds).
    public init(_ folder: String, passed: PassedSockets) throws {
        let lock = try AgentFolder.lock(folder)
        self.lock = lock
        lockPath = AgentAddress.lock(in: folder)
        lockFile = FileNumber(lockPath)
        sshPath = AgentAddress.sshSocket(in: folder)
        ownPath = AgentAddress.ownSocket(in: folder)
        isPassed = true
        sshDescriptor = passed.ssh
        ownDescriptor = passed.own
    }

    /// Whether the folder is still ours: its lock file is the one that we hold.
    var isOurs: Bool { lockFile != nil && FileNumber(lockPath) == lockFile }

    deinit {
        guard !isPassed else { return }
        close(sshDescriptor)
        close(ownDescriptor)
        // In a new folder of that path, the sockets are those of another agent.
        guard isOurs else { return }
        unsafe unlink(sshPath)
        unsafe unlink(ownPath)
    }

    private static func lock(_ folder: String) throws -> FileLock {
        try DurableFile.makeFolder(folder)
        try DurableFile.requirePrivate(folder)
        guard let lock = try FileLock(trying: AgentAddress.lock(in: folder)) else {
            throw AgentError.running(folder)
        }
        return lock
    }

    private static func listen(_ path: String) throws(AgentError) -> Int32 {
        // The lock is ours, so what stands here is of a dead agent.
        unsafe unlink(path)
        let descriptor = clinux_unix_socket()
        let mask = umask(0o177)
        defer { umask(mask) }
        guard descriptor >= 0, unsafe clinux_unix_listen(descriptor, path) == 0 else {
            let error = AgentError.socket(path, errno)
            if descriptor >= 0 { close(descriptor) }
            throw error
        }
        return descriptor
    }
}

/// What tells a file from every other one that exists at the same time.
private struct FileNumber: Equatable {
    let device: dev_t
    let number: ino_t

    /// Of the file at a path; `nil` if there is none.
    init?(_ path: String) {
        var status = stat()
        // SAFETY: the structure is written during the call.
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        number = status.st_ino
    }
}

/// Sockets that another process opened for the agent.
public struct PassedSockets: Sendable {
    private static let firstDescriptor: Int32 = 3  // SD_LISTEN_FDS_START

    let ssh: Int32
    let own: Int32

    /// Reads the variables of systemd; `nil` unless two sockets are passed to this process.
    public init?() {
        guard let process = AgentAddress.environment("LISTEN_PID"), Int32(process) == getpid(),
            AgentAddress.environment("LISTEN_FDS") == "2"
        else { return nil }
        // In the order of systemd/keyctl-agent.socket.
        ssh = PassedSockets.firstDescriptor
        own = PassedSockets.firstDescriptor + 1
        for descriptor in [ssh, own] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
}
