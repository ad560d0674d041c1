import CryptoCore
import DurableFiles
import Failures
import Glibc
import KeyFormats
import Registry

/// Prints the key in use of each person in a registry: `OpenRegistry OWNER-KEY FILE`.
///
/// It needs the library product `Registry` alone. The file is one of `keyctl registry export`, or a
/// proof about one person of `keyctl registry prove`. The owner's public key decides whether the
/// file is genuine. A genuine file may be old: the owner may have written more lines since. It exits
/// with 0 if the file is genuine, with 2 if it is not, and with 1 if a file cannot be read.
@main
enum OpenRegistry {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let ownerKey = arguments.first, let file = arguments.last
        else { fail("usage: OpenRegistry OWNER-KEY FILE", status: 64) }
        do {
            try open(file, ofOwnerWith: ownerKey)
        } catch let error as any ReportableError {
            // Every error of the library says what is wrong, and most say what to do.
            let message = [error.message, error.hint].compactMap(\.self).joined(separator: "; ")
            fail(message, status: error is RegistryError ? 2 : 1)
        } catch { fail("\(error)") }
    }

    private static func open(_ path: String, ofOwnerWith keyPath: String) throws {
        // 1. The owner's key, which came another way than the file. Everybody can sign with the
        // private half of a weak key.
        let text = try DurableFile.readSecret(keyPath, limit: KeyFormats.largestByteCount)
        let key = try KeyFormats.decode(text.bytes, from: keyPath).onlyPublicKey()
        try KeyExamination(known: [], compromised: .published).requireStrong(key)
        let owner = RegistryOwner(key)
        let bytes = try DurableFile.read(path, limit: RegistryFile.largestByteCount)
        let now = Timestamp.now
        // 2. A proof has the lines about one name, and leads from each line to the signed root.
        if RegistryProof.begins(bytes) {
            let (checkpoint, identity) = try RegistryProof(bytes).verified(by: owner, at: now)
            show(identity, at: now)
            print("proved for the first \(checkpoint.count) lines of the registry")
            return
        }
        // 3. An export has all lines. The signed root is computed from them, and each is judged.
        let registry = try RegistryFile(bytes).verified(by: owner, at: now)
        for identity in registry.state.members { show(identity, at: now) }
        print("verified: \(registry.checkpoint.count) lines")
    }

    /// Prints the key for which somebody may encrypt; else why there is none.
    private static func show(_ identity: RegisteredIdentity, at now: Timestamp) {
        let latest = identity.latest
        guard identity.allows(.encrypt, by: latest, at: now), let key = latest.fingerprint else {
            print(identity.name, identity.standing(of: latest, for: .encrypt, at: now).name)
            return
        }
        print(identity.name, "version", latest.number, key)
    }

    private static func fail(_ message: String, status: Int32 = 1) -> Never {
        // Where even standard error is closed, the exit status still tells.
        try? complain(message)
        exit(status)
    }

    private static func complain(_ message: String) throws {
        let line = Array("OpenRegistry: \(message)\n".utf8)
        try DurableFile.write(line.borrowedBytes, to: STDERR_FILENO, name: "standard error")
    }
}
