internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that is stored, and say what is wrong with it.",
        discussion: """
            Weak keys, keys that expired, frozen names, files that others may read, work that was \
            left half done. Nothing is changed. Exit status: 0 all is well, 1 something is not.

            Examples:
              keyctl doctor
              keyctl doctor --json
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "Also look for private keys that are not encrypted in this folder and below it.",
            valueName: "folder"
        )
    )
    var scan: [String] = []

    struct Finding: Encodable {
        let code: String
        let name: String?
        let message: String
        let hint: String?

        init(code: String, name: String?, message: String, hint: String?) {
            self.code = code
            self.name = name
            self.message = message
            self.hint = hint
        }

        /// A failure that is told among the others.
        init(_ error: any ReportableError, name: String? = nil) {
            self.init(code: error.codeName, name: name, message: error.message, hint: error.hint)
        }
    }

    private struct Document: Encodable {
        let version = 1
        let findings: [Finding]
    }

    func run() throws {
        var findings: [Finding] = []
        do {
            let keystore = try global.existingKeystore()
            findings += try keys(keystore) + files(keystore) + identities(keystore)
        } catch let error as any ReportableError {
            // What cannot be opened is a finding, too.
            findings.append(Finding(error))
        }
        findings += HomeScan.loose(try global.keyctlHome)
        for folder in scan {
            do { findings += try HomeScan.strayKeys(below: folder) } catch let error as FileError {
                findings.append(Finding(error))
            }
        }
        if global.json {
            try Report.json(Document(findings: findings))
        } else {
            for finding in findings {
                Report.result("\(finding.code): \(finding.message)")
                if let hint = finding.hint { Report.result("  \(hint)") }
            }
            if findings.isEmpty { Report.note("all is well") }
        }
        guard findings.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    /// Every version that is still trusted for something.
    private func keys(_ keystore: Keystore) throws -> [Finding] {
        let examination = try KeyExamination.standard(keystore)
        let now = Timestamp.now
        var findings: [Finding] = []
        for identity in keystore.registry.state.all where !identity.isRemoved {
            let name = identity.name.description
            if let frozen = keystore.registry.state.frozenError(identity) {
                findings.append(
                    Finding(
                        code: "frozen",
                        name: name,
                        message: frozen.message,
                        hint: frozen.hint
                    )
                )
            }
            if let active = identity.active, let expires = active.expires, expires <= now {
                findings.append(
                    Finding(
                        code: "expired",
                        name: name,
                        message: "the key of \"\(name)\" expired at \(expires)",
                        hint: "its owner rotates it: keyctl rotate --user \(name)"
                    )
                )
            }
            for version in identity.versions where !version.isRevoked {
                guard let key = try? version.storedKey() else { continue }
                for weakness in try examination.weaknesses(of: key) {
                    findings.append(
                        Finding(
                            code: weakness.codeName,
                            name: name,
                            message:
                                "version \(version.number) of \"\(name)\" has a weak key: "
                                + "\(weakness.reason)",
                            hint: hint(for: version, of: identity.name, keystore)
                        )
                    )
                }
            }
        }
        return findings
    }

    private func hint(
        for version: RegisteredVersion,
        of name: KeyName,
        _ keystore: Keystore
    ) -> String {
        guard version.state == .active else {
            return
                "it is retired, but its old signatures still verify, and others may forge such "
                + "signatures"
        }
        return (try? keystore.record(name)) == nil
            ? "ask \(name) for a new key, and stop trusting this one: keyctl revoke \(name)"
            : "make a new key: keyctl rotate --user \(name)"
    }

    private func files(_ keystore: Keystore) throws -> [Finding] {
        var findings: [Finding] = []
        if !keystore.home.exists {
            findings.append(Finding(KeystoreError.noIdentities(keystore.home)))
        }
        if keystore.hasTornRegistry {
            findings.append(
                Finding(
                    code: "torn-registry",
                    name: nil,
                    message:
                        "the last line of the registry was not written completely before a crash; "
                        + "it is ignored",
                    hint:
                        "nothing has to be done: the next change of the registry replaces the line"
                )
            )
        }
        if DurableFile.exists(keystore.home.rewrapJournalPath) {
            findings.append(
                Finding(
                    code: "unfinished-rewrap",
                    name: nil,
                    message: "a rewrap was interrupted",
                    hint: "finish it: keyctl rewrap --resume"
                )
            )
        }
        return findings
    }

    private func identities(_ keystore: Keystore) throws -> [Finding] {
        var findings = keystore.leftAside.map { Finding($0.error, name: $0.name?.description) }
        findings += try keystore.home.backedUpFiles().skipped.map { name in
            Finding(
                code: "foreign-file",
                name: nil,
                message:
                    "\(keystore.home.path)/\(name) is not a file of keyctl, and backups leave it "
                    + "out",
                hint: "move it out of the home"
            )
        }
        findings += keystore.unfollowed.map { name in
            Finding(
                code: "unfollowed",
                name: name.description,
                message: "the registry and the keystore hold different histories of your identity "
                    + "\"\(name)\"",
                hint: "see what the registry holds: keyctl show \(name)"
            )
        }
        do { _ = try keystore.audit.verified() } catch let error as any ReportableError {
            findings.append(Finding(error))
        }
        for record in try keystore.records() {
            let name = record.name.description
            do { try keystore.requireSealed(record) } catch let error as any ReportableError {
                findings.append(Finding(error, name: name))
            }
            findings += try DueItem.all(record, keystore, until: .now)
                .filter { $0.kind != "expires" }  // said of every key already
                .map { item in
                    Finding(
                        code: "due-\(item.kind)",
                        name: name,
                        message: "\(name): \(item.what)",
                        hint: item.command
                    )
                }
        }
        return findings
    }
}
