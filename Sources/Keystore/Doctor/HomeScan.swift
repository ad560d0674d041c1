internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore

/// What is found by looking at files, without opening any key.
enum HomeScan {
    private static let largestKeyByteCount = 256 << 10

    /// Files and folders of a home that others may read or change, and what a crash left.
    static func loose(_ home: Home) -> [DoctorCommand.Finding] {
        guard DurableFile.exists(home.path),
            let found = try? DurableFile.files(below: home.path)
        else { return [] }
        var findings = found.failures.map { DoctorCommand.Finding($0) }
        for file in found.files {
            let name = file.split(separator: "/").last.map(String.init) ?? ""
            // What a crash left half written goes by itself.
            let isHandedOut =
                name.hasSuffix(".pub")
                || name.hasSuffix(".txt") && name.firstRange(of: "+revocation-") == nil
            guard !DurableFile.isDraft(name), !isHandedOut else { continue }
            do throws(FileError) { try DurableFile.requirePrivate(file) } catch {
                findings.append(DoctorCommand.Finding(error))
            }
        }
        return findings
    }

    /// Private keys that are not encrypted, in files of other programs.
    static func strayKeys(below folder: String) throws -> [DoctorCommand.Finding] {
        let found = try DurableFile.files(below: folder)
        var findings = found.failures.map { DoctorCommand.Finding($0) }
        var largeCount = 0
        for file in found.files {
            do throws(FileError) {
                if let finding = try strayKey(in: file) { findings.append(finding) }
            } catch {
                if error.code == .tooLarge {
                    largeCount += 1
                } else {
                    findings.append(DoctorCommand.Finding(error))
                }
            }
        }
        if largeCount > 0 {
            Report.note(
                "files larger than \(largestKeyByteCount >> 10) KiB in \(Printable.text(folder)) "
                    + "were "
                    + "not examined: \(largeCount)"
            )
        }
        return findings
    }

    private static func strayKey(in file: String) throws(FileError) -> DoctorCommand.Finding? {
        let content = try DurableFile.readSecret(file, limit: largestKeyByteCount)
        guard content.count > 0 else { return nil }
        let isOurs =
            (try? KeyFormats.decode(content.bytes))?.entries.contains { entry in
                switch entry.material {
                case .privateKey: true
                // A PKCS#12 file may be open, or under an empty passphrase.
                case .lockedPrivateKey(let locked):
                    (try? locked.openWithoutPassphrase()) ?? nil != nil
                case .publicKey, .otherKind: false
                }
            } ?? false
        guard isOurs || PrivateKeyMarks.stand(in: content.bytes) else { return nil }
        return DoctorCommand.Finding(
            code: "stray-private-key",
            name: nil,
            message: "\(Printable.text(file)) holds a private key that is not encrypted",
            hint: isOurs
                ? "import it, and then remove the file: keyctl import " + Printable.shellWord(file)
                : "keyctl cannot import it: encrypt it with the program that made it"
        )
    }
}
