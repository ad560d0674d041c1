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

    // A pipe gives its passphrase once, and a command asks its owner each time: each source is
    // read once, however often its passphrase is needed.
    private static let known = Mutex<[String: Passphrase]>([:])

    func read() throws -> Passphrase {
        let key = "\(self)"
        if let passphrase = PassphraseSource.known.withLock({ $0[key] }) { return passphrase }
        let passphrase = try readAnew()
        PassphraseSource.known.withLock { $0[key] = passphrase }
        return passphrase
    }

    private func readAnew() throws -> Passphrase {
        let limit = Passphrase.largestByteCount + 2  // room for the line end
        switch self {
        case .file(let path):
            return try PassphraseSource.line(DurableFile.readSecret(path, limit: limit))
        case .descriptor(let descriptor):
            return try PassphraseSource.line(
                DurableFile.readSecret(
                    descriptor: descriptor,
                    name: "descriptor \(descriptor)",
                    limit: limit
                )
            )
        case .environment(let name):
            guard let value = unsafe getenv(name) else {
                throw CommandError.passphraseSource("the variable \(name) is not set")
            }
            // SAFETY: the value is terminated, and copied while it stands there.
            let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
            let span = unsafe RawSpan(_unsafeBytes: bytes)
            return try PassphraseSource.line(SecretBytes(copying: span))
        case .command(let command):
            // SAFETY: popen and pclose own the stream between them.
            guard let stream = unsafe popen(command, "re") else {
                throw CommandError.passphraseSource("the passphrase command could not be started")
            }
            let output: SecretBytes
            do {
                output = try DurableFile.readSecret(
                    descriptor: unsafe fileno(stream),
                    name: "the passphrase command",
                    limit: limit
                )
            } catch {
                unsafe pclose(stream)
                throw error
            }
            guard unsafe pclose(stream) == 0 else {
                throw CommandError.passphraseSource("the passphrase command failed")
            }
            return try PassphraseSource.line(output)
        }
    }

    /// The bytes without one line end; empty ones are refused.
    static func line(_ bytes: consuming SecretBytes) throws -> Passphrase {
        var count = bytes.count
        func ends(with character: String.UTF8View.Element) -> Bool {
            guard count > 0 else { return false }
            // SAFETY: the offset lies within the bytes.
            let last = unsafe bytes.bytes.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self)
            return last == character
        }
        if ends(with: UInt8(ascii: "\n")) { count -= 1 }
        if ends(with: UInt8(ascii: "\r")) { count -= 1 }
        guard count > 0 else { throw CommandError.emptyPassphrase }
        return Passphrase(SecretBytes(copying: bytes.bytes.extracting(0..<count)))
    }
}
