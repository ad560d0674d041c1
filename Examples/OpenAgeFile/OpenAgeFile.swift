import AgeFiles
import CryptoCore
import DurableFiles
import Failures
import Glibc

/// Decrypts a file of the age format to standard output: `OpenAgeFile IDENTITY-FILE AGE-FILE`.
///
/// It needs the library product `AgeFiles` alone. Memory does not depend on the file's length: the
/// reader hands on chunks of 64 KiB, each after it was authenticated.
@main
enum OpenAgeFile {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let identities = arguments.first, let file = arguments.last
        else { fail("usage: OpenAgeFile IDENTITY-FILE AGE-FILE", status: 64) }
        do {
            try open(file, withIdentitiesOf: identities)
        } catch let error as any ReportableError {
            // Every error of the library says what is wrong, and most say what to do.
            fail([error.message, error.hint].compactMap(\.self).joined(separator: "; "))
        } catch { fail("\(error)") }
    }

    private static func open(_ file: String, withIdentitiesOf identityFile: String) throws {
        // 1. The secret keys: read into memory that is cleansed, never into an array or a string.
        let text = try DurableFile.readSecret(
            identityFile,
            limit: AgeIdentityFile.largestByteCount
        )
        let identities = try AgeIdentityFile.identities(in: text.bytes, name: identityFile)
        // 2. The header, binary or in armor: it says for which kinds of keys the file is.
        let reader = try AgeReader(InputFile(file))
        guard let opening = try reader.open(identities) else {
            let names = reader.header.stanzas.map(RecipientKinds.name)
            fail("no identity of \(identityFile) opens \(file): it is for \(names)")
        }
        // 3. The content: an error after the first chunk means that only a part was written.
        try reader.decrypt(opening.fileKey.bytes, to: StandardOutput())
    }

    private static func fail(_ message: String, status: Int32 = 1) -> Never {
        // Where even standard error is closed, the exit status still tells.
        try? complain(message)
        exit(status)
    }

    private static func complain(_ message: String) throws {
        let line = Array("OpenAgeFile: \(message)\n".utf8)
        try DurableFile.write(line.borrowedBytes, to: STDERR_FILENO, name: "standard error")
    }
}
