internal import AgeFiles
internal import EncryptedFiles
internal import Failures
internal import KeyFormats
internal import Keystore

/// A failure that the host is told if nothing opens a file.
struct HostFault {
    /// What it is about, for example `identity 0`.
    let arguments: [String]
    let error: any ReportableError
}

/// The keys that the identities of a request name, those without a passphrase first.
struct NamedKeys {
    /// A version of an identity, and the number of the request's identity that names it.
    struct Key {
        let index: Int
        let identity: StoredIdentity
    }

    private(set) var keys: [Key] = []
    /// The first identity that could not be looked up.
    private(set) var fault: HostFault?

    /// Looks the names up; `nil` stands for all identities of the home.
    init(_ names: [KeyName?], in keystore: Keystore, user: HostDialogue) throws {
        var open: [(index: Int, name: KeyName)] = []
        var locked: [(index: Int, name: KeyName)] = []
        var seen: Set<KeyName> = []
        for (index, name) in names.enumerated() {
            try collect(index) {
                let records = try name.map { [try keystore.record($0)] } ?? keystore.records()
                for record in records where seen.insert(record.name).inserted {
                    if (try? keystore.needsPassphrase(record)) == false {
                        open.append((index, record.name))
                    } else {
                        locked.append((index, record.name))
                    }
                }
            }
        }
        for (index, name) in open + locked {
            var found: [StoredIdentity] = []
            try collect(index) {
                found = try StoredIdentity.all(
                    in: keystore,
                    of: name,
                    withRevoked: false,
                    user: user
                )
            }
            keys += found.map { Key(index: index, identity: $0) }
        }
    }

    /// Keeps the first failure: one bad identity does not stop the others.
    private mutating func collect(_ index: Int, _ body: () throws -> Void) throws {
        do { try body() } catch let error as any ReportableError {
            fault = fault ?? HostFault(arguments: ["identity", "\(index)"], error: error)
        }
    }
}
