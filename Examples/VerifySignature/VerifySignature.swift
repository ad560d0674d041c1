import CryptoCore
import DurableFiles
import Failures
import Glibc
import KeyFormats
import Signatures

/// Verifies a signature of `ssh-keygen -Y sign` or `keyctl sign`:
/// `VerifySignature KEY-FILE NAMESPACE SIGNATURE FILE`.
///
/// It needs the library product `Signatures` alone. The key file holds the public keys of everybody
/// whose signature counts. Options of its lines, for example `valid-before=`, are not read. It exits
/// with 0 if the signature counts, with 2 if it does not, and with 1 if a file cannot be read.
@main
enum VerifySignature {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 5 else {
            fail("usage: VerifySignature KEY-FILE NAMESPACE SIGNATURE FILE", status: 64)
        }
        do {
            let signers = try entries(of: arguments[1])
            try verify(arguments[4], by: arguments[3], for: arguments[2], among: signers)
        } catch let error as any ReportableError {
            // The hints are about the options of keyctl, which this program does not have.
            fail(error.message, status: error.isVerificationFailure ? 2 : 1)
        } catch { fail("\(error)") }
    }

    private static func entries(of path: String) throws -> [KeyEntry] {
        let bytes = try DurableFile.readSecret(path, limit: KeyFormats.largestByteCount)
        return try KeyFormats.decode(bytes.bytes, from: path).entries
    }

    private static func verify(
        _ path: String,
        by signaturePath: String,
        for namespace: String,
        among signers: [KeyEntry]
    ) throws {
        // 1. The signature names a key, the hash of the file, and what the signature is for.
        let bytes = try DurableFile.read(signaturePath, limit: SSHSignature.largestByteCount)
        let signature = try SSHSignature(armored: bytes)
        // 2. The file is read piece by piece: memory does not depend on its length.
        let digest = try signature.messageHash.digest(of: InputFile(path))
        try signature.requireValid(digest: digest, namespace: namespace)
        // 3. Anybody can sign with a key of their own: the key must be one that the caller trusts.
        let key = signature.publicKey
        guard let signer = signers.first(where: { $0.publicKey == key }) else {
            fail("NOT VERIFIED: it is signed by another key: \(key.fingerprint)", status: 2)
        }
        // 4. Everybody can sign with the private half of a weak key.
        try KeyExamination(known: [], compromised: .published).requireStrong(key)
        print("signed by", Printable.text(signer.name), key.fingerprint)
    }

    private static func fail(_ message: String, status: Int32 = 1) -> Never {
        // Where even standard error is closed, the exit status still tells.
        try? complain(message)
        exit(status)
    }

    private static func complain(_ message: String) throws {
        let line = Array("VerifySignature: \(message)\n".utf8)
        try DurableFile.write(line.borrowedBytes, to: STDERR_FILENO, name: "standard error")
    }
}
