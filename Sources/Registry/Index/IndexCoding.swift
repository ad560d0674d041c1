internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// Reads the records of a registry's index, one field after the other.
///
/// `IndexChecker` checked the index before. So a wrong value here is a fault of this program.
struct IndexReader {
    private let file: MappedFile
    private var offset: Int

    init(_ file: MappedFile, _ offset: Int) {
        self.file = file
        self.offset = offset
    }

    mutating func integer() -> Int {
        defer { offset += 8 }
        return file.integer(at: offset)
    }

    mutating func bytes() -> [UInt8] {
        let count = integer()
        defer { offset += count }
        return file.bytes(offset..<(offset + count))
    }

    mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    mutating func digest() -> SHA256Digest {
        defer { offset += SHA256Digest.byteCount }
        return file.withBytes(offset..<(offset + SHA256Digest.byteCount)) {
            SHA256Digest(exactly: $0)
        }
    }

    mutating func time() -> Timestamp? {
        let seconds = integer()
        return seconds == Int.min ? nil : Timestamp(seconds: Int64(seconds))
    }

    mutating func name() -> KeyName {
        guard let name = try? KeyName(text()) else { preconditionFailure("an index of our own") }
        return name
    }

    mutating func statement() -> Statement {
        guard let statement = try? Statement(line: bytes()) else {
            preconditionFailure("an index of our own")
        }
        return statement
    }

    mutating func state() -> RegisteredVersion.State {
        switch integer() {
        case 0: .active
        case 1: .retired
        default: .revoked(since: time(), said: Timestamp(seconds: Int64(integer())), reason: text())
        }
    }

    private mutating func versions() -> [RegisteredVersion] {
        (0..<integer()).map { _ in
            RegisteredVersion(
                number: integer(),
                keyDER: bytes(),
                since: Timestamp(seconds: Int64(integer())),
                expires: time(),
                state: state()
            )
        }
    }

    mutating func identity() -> RegisteredIdentity {
        let name = name()
        let id = digest()
        let chain = (0..<integer()).map { _ in digest() }
        let flags = integer()
        let role = Role.allCases[integer()]
        let verified = time()
        let fork = flags & 4 == 0 ? nil : (Fingerprint(text()), Fingerprint(text()))
        let versions = self.versions()
        var identity = RegisteredIdentity(name: name, id: id, versions: versions)
        identity.chain = chain
        identity.former = self.versions()
        identity.isRemoved = flags & 1 != 0
        identity.wasReplaced = flags & 2 != 0
        identity.role = role
        identity.verified = verified
        identity.fork = fork
        identity.forkedVersion = integer()
        return identity
    }
}

/// Writes the records that `IndexReader` reads.
struct IndexWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ integer: Int) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }

    mutating func add(_ content: [UInt8]) {
        add(content.count)
        bytes += content
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }
    mutating func add(_ digest: SHA256Digest) { bytes += digest.bytes }
    mutating func add(_ time: Timestamp?) { add(time.map { Int($0.seconds) } ?? Int.min) }

    mutating func add(_ state: RegisteredVersion.State) {
        switch state {
        case .active: add(0)
        case .retired: add(1)
        case .revoked(let since, let said, let reason):
            add(2)
            add(since)
            add(Int(said.seconds))
            add(reason)
        }
    }

    mutating func add(_ identity: RegisteredIdentity) {
        add(identity.name.description)
        add(identity.id)
        add(identity.chain.count)
        for hash in identity.chain { add(hash) }
        add(
            (identity.isRemoved ? 1 : 0) | (identity.wasReplaced ? 2 : 0)
                | (identity.fork == nil ? 0 : 4)
        )
        add(Role.allCases.firstIndex(of: identity.role) ?? 0)
        add(identity.verified)
        if let fork = identity.fork {
            add(fork.0?.description ?? "")
            add(fork.1?.description ?? "")
        }
        for versions in [identity.versions, identity.former] { add(versions) }
        add(identity.forkedVersion)
    }

    private mutating func add(_ versions: [RegisteredVersion]) {
        add(versions.count)
        for version in versions {
            add(version.number)
            add(version.keyDER)
            add(Int(version.since.seconds))
            add(version.expires)
            add(version.state)
        }
    }

    mutating func add(_ entries: [(digest: SHA256Digest, position: Int)]) {
        for entry in entries {
            add(entry.digest)
            add(entry.position)
        }
    }
}
