internal import CryptoCore
public import KeyFormats
public import Registry

/// The public side of one's own identity: the file `identity` of its folder.
///
/// States are not stored: they follow from the identity's own statements.
public struct IdentityRecord: Sendable {
    static let largestByteCount = 32 << 20
    private static let heading = "keyctl-identity v1"

    /// Its name.
    public let name: KeyName
    /// Whether a server runs under it, so that it is nobody's default.
    public let isServer: Bool
    /// What its owner noted.
    public let comment: String
    /// Which `sealed.<n>` holds its private keys.
    let sealedNumber: Int
    /// How it was registered, then its own statements, oldest first.
    let registration: Statement
    /// Its own statements: rotations and revocations, oldest first.
    public let chain: [Statement]
    /// Versions and states, as the statements give them.
    public let identity: RegisteredIdentity

    init(
        name: KeyName,
        isServer: Bool,
        comment: String,
        sealedNumber: Int,
        registration: Statement,
        chain: [Statement]
    ) throws(RegistryError) {
        var state = RegistryState()
        try state.apply(registration)
        for statement in chain { try state.apply(statement) }
        guard let identity = state.identity(name) else {
            preconditionFailure("a registration registers another name")
        }
        self.name = name
        self.isServer = isServer
        self.comment = comment
        self.sealedNumber = sealedNumber
        self.registration = registration
        self.chain = chain
        self.identity = identity
    }

    /// The same identity with another sealed file, and one statement more where there is one.
    func moved(toSealed number: Int, adding statement: Statement?) throws -> IdentityRecord {
        try IdentityRecord(
            name: name,
            isServer: isServer,
            comment: comment,
            sealedNumber: number,
            registration: registration,
            chain: chain + (statement.map { [$0] } ?? [])
        )
    }

    var encoded: [UInt8] {
        var text = Array(
            """
            \(IdentityRecord.heading)
            name \(name)
            use \(isServer ? "server" : "person")
            sealed \(sealedNumber)
            comment \(Base64.encode(Array(comment.utf8)))

            """.utf8
        )
        for statement in [registration] + chain { text += statement.line + [UInt8(ascii: "\n")] }
        return text
    }

    init(_ bytes: [UInt8], path: String) throws {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func damaged(_ why: String) -> KeystoreError { KeystoreError.damaged(path, why) }
        guard lines.count >= 7, lines[0] == IdentityRecord.heading, lines.last == "" else {
            throw damaged("its layout is not that of keyctl-identity v1")
        }
        func field(_ index: Int, _ name: String) throws -> String {
            guard lines[index].hasPrefix(name + " ") else { throw damaged("\(name) is missing") }
            return String(lines[index].dropFirst(name.utf8.count + 1))
        }
        let use = try field(2, "use")
        guard let sealed = Int(try field(3, "sealed")), sealed > 0,
            use == "person" || use == "server",
            let comment = Base64.decode(try field(4, "comment"))
        else { throw damaged("its fields cannot be read") }
        do {
            let name = try KeyName(field(1, "name"))
            let statements = try lines[5..<(lines.count - 1)].map {
                try Statement(line: Array($0.utf8))
            }
            guard case .register(name, _, _) = statements[0].act else {
                throw damaged("its registration is missing")
            }
            try self.init(
                name: name,
                isServer: use == "server",
                comment: String(decoding: comment, as: UTF8.self),
                sealedNumber: sealed,
                registration: statements[0],
                chain: Array(statements.dropFirst())
            )
        } catch let error as KeystoreError {
            throw error
        } catch let error as any ReportableError {
            throw damaged(error.message)
        }
    }

    /// The version that signs; throws `KeystoreError` where it is revoked or has expired.
    public func signingVersion(at time: Timestamp) throws(KeystoreError) -> RegisteredVersion {
        guard let active = identity.active else {
            throw KeystoreError.revoked(name, version: identity.latest.number)
        }
        if let expires = active.expires, expires <= time {
            throw KeystoreError.expired(name, at: expires)
        }
        return active
    }
}
