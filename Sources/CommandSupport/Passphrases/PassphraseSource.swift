internal import CryptoCore
internal import Failures
internal import Keystore
internal import Synchronization

/// The source of a passphrase that no user types: its kind, and the place that the option names.
struct PassphraseSource {
    private let kind: any PassphraseSourceKind
    private let argument: String

    static func all(
        _ file: String?,
        _ descriptor: Int32?,
        _ variable: String?,
        _ command: String?,
        _ credential: String? = nil,
        _ pinentry: String? = nil
    ) -> [PassphraseSource] {
        let given: [(any PassphraseSourceKind, String?)] = [
            (PassphraseSources.file, file),
            (PassphraseSources.descriptor, descriptor.map { "\($0)" }),
            (PassphraseSources.environment, variable), (PassphraseSources.command, command),
            (PassphraseSources.credential, credential), (PassphraseSources.pinentry, pinentry),
        ]
        var sources: [PassphraseSource] = []
        for (kind, argument) in given {
            guard let argument else { continue }
            sources.append(PassphraseSource(kind: kind, argument: argument))
        }
        return sources
    }

    private var key: String { "\(kind.id) \(argument)" }

    /// The most bytes that are read of a source.
    ///
    /// Only its first line counts.
    ///
    /// A longer line is refused.
    private static let largestByteCount = 64 << 10

    // A pipe gives its passphrase once, and a command may ask its owner each time. So each source
    // is read once, and the result is kept.
    private static let known = Mutex<[String: (passphrase: Passphrase, hasMoreLines: Bool)]>([:])

    func read(prompt: String = "Passphrase") throws -> Passphrase {
        // A person answers for one identity, and may correct a mistake.
        guard !kind.asksPerson else { return try readAnew(prompt).passphrase }
        if let entry = PassphraseSource.known.withLock({ $0[key] }) { return entry.passphrase }
        let entry = try readAnew(prompt)
        PassphraseSource.known.withLock { $0[key] = entry }
        return entry.passphrase
    }

    /// Reads a source as it is now; `nil` for a source that gives a passphrase once.
    func readAgain() throws -> Passphrase? {
        try kind.canBeReadAgain ? readAnew("Passphrase").passphrase : nil
    }

    /// Reads the passphrase of an existing key, and notes whether its source has more lines.
    func readExisting(prompt: String) throws -> Passphrase {
        let passphrase = try read(prompt: prompt)
        if PassphraseSource.known.withLock({ $0[key]?.hasMoreLines }) == true {
            PassphraseSource.hasMoreLines.withLock { $0 = true }
        }
        return passphrase
    }

    private static let hasMoreLines = Mutex(false)

    /// Returns the error to print.
    ///
    /// If a passphrase is wrong and its source has several lines, the hint says that only the first
    /// line is used.
    static func explained(_ error: any Error) -> any Error {
        guard let known = error as? any ReportableError,
            known.codeName == CommandError.Code.wrongPassphrase.rawValue,
            hasMoreLines.withLock(\.self)
        else { return error }
        return CommandError.wrongFirstLine(known.message)
    }

    private func readAnew(_ prompt: String) throws -> (passphrase: Passphrase, hasMoreLines: Bool) {
        try PassphraseSource.firstLine(
            kind.read(argument, prompt: prompt, limit: PassphraseSource.largestByteCount)
        )
    }

    /// Returns the first line without its end, and whether there are more lines.
    private static func firstLine(
        _ bytes: consuming SecretBytes
    ) throws -> (passphrase: Passphrase, hasMoreLines: Bool) {
        var count = bytes.count
        for index in 0..<bytes.count where bytes.bytes.byte(at: index) == UInt8(ascii: "\n") {
            count = index
            break
        }
        // A line end at the end of the input does not begin another line.
        let hasMoreLines = count + 1 < bytes.count
        let line = SecretBytes(copying: bytes.bytes.extracting(0..<count))
        return (try self.line(line), hasMoreLines)
    }

    /// Returns the bytes without one line end; throws `CommandError` if they are empty or too long.
    static func line(_ bytes: consuming SecretBytes) throws -> Passphrase {
        var count = bytes.count
        for end in ["\n", "\r"].flatMap(\.utf8) where count > 0 {
            if bytes.bytes.byte(at: count - 1) == end { count -= 1 }
        }
        guard count > 0 else { throw CommandError.emptyPassphrase }
        guard count <= Passphrase.largestByteCount else { throw CommandError.passphraseTooLong }
        return Passphrase(SecretBytes(copying: bytes.bytes.extracting(0..<count)))
    }
}

extension PassphraseSource: KeyUnlocker {
    var tryCount: Int { kind.asksPerson ? 3 : 1 }

    func passphrase(prompt: String) throws -> Passphrase { try readExisting(prompt: prompt) }

    func noteWrongPassphrase(_ error: KeystoreError) { Report.warning(error.message) }
}
