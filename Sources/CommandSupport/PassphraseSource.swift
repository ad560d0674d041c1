internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import Keystore
internal import Synchronization

/// Where a passphrase comes from when nobody is asked.
enum PassphraseSource {
    case file(String)
    case descriptor(Int32)
    case environment(String)
    case command(String)

    static func all(
        _ file: String?,
        _ descriptor: Int32?,
        _ variable: String?,
        _ command: String?
    ) -> [PassphraseSource] {
        [
            file.map(PassphraseSource.file), descriptor.map(PassphraseSource.descriptor),
            variable.map(PassphraseSource.environment), command.map(PassphraseSource.command),
        ].compactMap(\.self)
    }

    /// Most bytes that are read of a source: its first line counts, whatever follows.
    ///
    /// A line that is longer is refused.
    private static let largestByteCount = 64 << 10

    // A pipe gives its passphrase once, and a command asks its owner each time: each source is
    // read once, however often its passphrase is needed.
    private static let known = Mutex<[String: (passphrase: Passphrase, hasMoreLines: Bool)]>([:])

    func read() throws -> Passphrase {
        let key = "\(self)"
        if let entry = PassphraseSource.known.withLock({ $0[key] }) { return entry.passphrase }
        let entry = try readAnew()
        PassphraseSource.known.withLock { $0[key] = entry }
        return entry.passphrase
    }

    /// Reads a file as it is now; `nil` for every other source, which gives a passphrase once.
    func readAgain() throws -> Passphrase? {
        guard case .file = self else { return nil }
        return try readAnew().passphrase
    }

    /// Reads a passphrase that exists, and notes whether its source has further lines.
    func readExisting() throws -> Passphrase {
        let passphrase = try read()
        let key = "\(self)"
        if PassphraseSource.known.withLock({ $0[key]?.hasMoreLines }) == true {
            PassphraseSource.hasMoreLines.withLock { $0 = true }
        }
        return passphrase
    }

    private static let hasMoreLines = Mutex(false)

    /// The error as it is told: where a passphrase is wrong and its source has several lines, the
    /// hint says that only the first one is used.
    static func explained(_ error: any Error) -> any Error {
        guard let known = error as? any ReportableError,
            known.codeName == CommandError.Code.wrongPassphrase.rawValue,
            hasMoreLines.withLock(\.self)
        else { return error }
        return CommandError.wrongFirstLine(known.message)
    }

    private func readAnew() throws -> (passphrase: Passphrase, hasMoreLines: Bool) {
        let limit = PassphraseSource.largestByteCount
        switch self {
        case .file(let path):
            let input = try InputFile(path)
            return try PassphraseSource.firstLine(input.readSecretStart(limit: limit))
        case .descriptor(let descriptor):
            return try PassphraseSource.firstLine(
                DurableFile.readSecretStart(
                    descriptor: descriptor,
                    name: "descriptor \(descriptor)",
                    limit: limit,
                    stoppingAtLineEnd: true
                )
            )
        case .environment(let name):
            guard let value = unsafe getenv(name) else {
                throw CommandError.passphraseSource("the environment variable \(name) is not set")
            }
            // SAFETY: the value is terminated, and copied while it stands there.
            let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
            let span = unsafe RawSpan(_unsafeBytes: bytes)
            return try PassphraseSource.firstLine(SecretBytes(copying: span))
        case .command(let command):
            guard let stream = unsafe PassphraseSource.start(command) else {
                throw CommandError.passphraseSource("the passphrase command could not be started")
            }
            let output: SecretBytes
            do {
                // To its end, so that a command that fails after its first line is noticed.
                output = try DurableFile.readSecretStart(
                    descriptor: unsafe fileno(stream),
                    name: "the passphrase command",
                    limit: limit
                )
            } catch {
                unsafe pclose(stream)
                throw error
            }
            // A command that goes on writing is ended by SIGPIPE, and that is no failure.
            let isCut = output.count == limit
            guard unsafe pclose(stream) == 0 || isCut else {
                throw CommandError.passphraseSource("the passphrase command failed")
            }
            return try PassphraseSource.firstLine(output)
        }
    }

    /// Starts a command, for which SIGPIPE means what it does everywhere; `pclose` ends it.
    ///
    /// We ignore SIGPIPE, and a child inherits that; a handler it does not inherit.
    private static func start(_ command: String) -> UnsafeMutablePointer<FILE>? {
        let before = signal(SIGPIPE) { _ in }
        defer { _ = signal(SIGPIPE, before) }
        return unsafe popen(command, "re")
    }

    /// The first line, without its end; and whether there are more.
    private static func firstLine(
        _ bytes: consuming SecretBytes
    ) throws -> (passphrase: Passphrase, hasMoreLines: Bool) {
        var count = bytes.count
        for index in 0..<bytes.count where byte(index, of: bytes) == UInt8(ascii: "\n") {
            count = index
            break
        }
        // A line end at the very end begins no further line.
        let hasMoreLines = count + 1 < bytes.count
        let line = SecretBytes(copying: bytes.bytes.extracting(0..<count))
        return (try self.line(line), hasMoreLines)
    }

    private static func byte(_ index: Int, of bytes: borrowing SecretBytes) -> UInt8 {
        // SAFETY: every caller's index lies within the bytes.
        unsafe bytes.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// The bytes without one line end; empty ones are refused.
    static func line(_ bytes: consuming SecretBytes) throws -> Passphrase {
        var count = bytes.count
        for end in ["\n", "\r"].flatMap(\.utf8) where count > 0 {
            if byte(count - 1, of: bytes) == end { count -= 1 }
        }
        guard count > 0 else { throw CommandError.emptyPassphrase }
        guard count <= Passphrase.largestByteCount else { throw CommandError.passphraseTooLong }
        return Passphrase(SecretBytes(copying: bytes.bytes.extracting(0..<count)))
    }
}

extension PassphraseSource: KeyUnlocker {
    func passphrase(prompt: String) throws -> Passphrase { try readExisting() }
}
