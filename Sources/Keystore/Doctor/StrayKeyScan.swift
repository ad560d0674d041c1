internal import CryptoCore
public import DurableFiles
internal import KeyFormats

/// Looks for private keys that are not encrypted, in files of other programs.
public struct StrayKeyScan {
    /// The largest file that is examined, in bytes: 256 KiB.
    public static let largestKeyByteCount = 256 << 10

    /// The keys that were found, and the files that could not be read.
    public private(set) var findings: [Finding] = []
    /// The number of files that were too large to be examined.
    public private(set) var largeFileCount = 0

    /// Examines every file in a folder and below it.
    ///
    /// Throws `FileError` if the folder itself cannot be read.
    public init(below folder: String) throws(FileError) {
        let found = try DurableFile.files(below: folder)
        findings = found.failures.map { Finding($0) }
        for file in found.files {
            do throws(FileError) {
                if let finding = try StrayKeyScan.strayKey(in: file) { findings.append(finding) }
            } catch {
                if error.code == .tooLarge {
                    largeFileCount += 1
                } else {
                    findings.append(Finding(error))
                }
            }
        }
    }

    private static func strayKey(in file: String) throws(FileError) -> Finding? {
        let content = try DurableFile.readSecret(file, limit: largestKeyByteCount)
        guard content.count > 0 else { return nil }
        let isOurs =
            (try? KeyFormats.decode(content.bytes))?.entries.contains { entry in
                switch entry.material {
                case .privateKey: true
                // A PKCS#12 file may have no passphrase, or an empty one.
                case .lockedPrivateKey(let locked):
                    (try? locked.openWithoutPassphrase()) ?? nil != nil
                case .publicKey, .otherKind: false
                }
            } ?? false
        guard isOurs || PrivateKeyMarks.stand(in: content.bytes) else { return nil }
        return Finding(
            "stray-private-key",
            "\(Printable.text(file)) holds a private key that is not encrypted",
            hint: isOurs
                ? "import it, and then remove the file: keyctl import " + Printable.shellWord(file)
                : "keyctl cannot import it: encrypt it with the program that made it"
        )
    }
}
