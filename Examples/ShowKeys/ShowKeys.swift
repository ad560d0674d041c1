import CryptoCore
import DurableFiles
import Failures
import Glibc
import KeyFormats

/// Prints the fingerprint and the JWK of each key in a file: `ShowKeys KEY-FILE`.
///
/// It needs the library product `KeyFormats` alone. The file may have any format that the library
/// reads. Of a private key, it prints the public half.
@main
enum ShowKeys {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 1, let path = arguments.first
        else { fail("usage: ShowKeys KEY-FILE", status: 64) }
        do {
            try showKeys(in: path)
        } catch let error as any ReportableError {
            // Every error of the library says what is wrong, and most say what to do.
            fail([error.message, error.hint].compactMap(\.self).joined(separator: "; "))
        } catch { fail("\(error)") }
    }

    private static func showKeys(in path: String) throws {
        // 1. The bytes may be a private key, so they are read into memory that is cleansed.
        let bytes = try DurableFile.readSecret(path, limit: KeyFormats.largestByteCount)
        // 2. The library finds the format. It also reads weak keys, and the program decides.
        let file = try KeyFormats.decode(bytes.bytes, from: path)
        let examination = KeyExamination(known: [], compromised: .published)
        for entry in file.entries {
            guard let key = entry.publicKey else { fail("\(path): \(reason(entry))") }
            try examination.requireStrong(key)
            // 3. A name from a file is foreign text: it must not control the terminal.
            print(key.fingerprint, Printable.text(entry.name))
            print(key.jwkRepresentation)
        }
    }

    /// Why an entry shows no public key.
    private static func reason(_ entry: KeyEntry) -> String {
        switch entry.material {
        case .otherKind(let kind): "it holds a key that is not RSA: \(Printable.text(kind))"
        case .publicKey, .privateKey, .lockedPrivateKey:
            "it is encrypted, and shows its public key only with its passphrase"
        }
    }

    private static func fail(_ message: String, status: Int32 = 1) -> Never {
        // Where even standard error is closed, the exit status still tells.
        try? complain(message)
        exit(status)
    }

    private static func complain(_ message: String) throws {
        let line = Array("ShowKeys: \(message)\n".utf8)
        try DurableFile.write(line.borrowedBytes, to: STDERR_FILENO, name: "standard error")
    }
}
