internal import DurableFiles
internal import Failures
public import KeyFormats
internal import Registry

extension Keystore {
    /// Returns all faults of the stored data; it opens no private key.
    ///
    /// `foreignFiles` are the names of files in the home that backups leave out. Throws if the
    /// keystore cannot be read at all.
    public func findings(foreignFiles: [String], at now: Timestamp) throws -> [Finding] {
        try keyFindings(at: now) + fileFindings()
            + leftAside.map { Finding($0.error, name: $0.name?.description) }
            + historyFindings(foreignFiles) + identityFindings(at: now)
    }

    /// Returns all versions that are still trusted for a use.
    private func keyFindings(at now: Timestamp) throws -> [Finding] {
        let examination = try KeyExamination.standard(self)
        var findings: [Finding] = []
        for identity in registry.state.all where !identity.isRemoved {
            let name = identity.name.description
            if let frozen = registry.state.frozenError(identity) {
                findings.append(
                    Finding("frozen", name: name, frozen.message, hint: frozen.hint)
                )
            }
            if let active = identity.active, let expires = active.expires, expires <= now {
                findings.append(
                    Finding(
                        "expired",
                        name: name,
                        "the key of \"\(name)\" expired at \(expires)",
                        hint: "its owner rotates it: keyctl rotate --user \(name)"
                    )
                )
            }
            for version in identity.versions where !version.isRevoked {
                guard let key = try? version.storedKey() else { continue }
                for weakness in try examination.weaknesses(of: key) {
                    findings.append(weakKey(weakness, version, of: identity.name))
                }
            }
        }
        return findings
    }

    private func weakKey(
        _ weakness: KeyWeakness,
        _ version: RegisteredVersion,
        of name: KeyName
    ) -> Finding {
        let hint =
            if version.state != .active {
                "it is retired, but its old signatures still verify, and others may forge such "
                    + "signatures"
            } else if (try? record(name)) == nil {
                "ask \(name) for a new key, and stop trusting this one: keyctl revoke \(name)"
            } else {
                "make a new key: keyctl rotate --user \(name)"
            }
        return Finding(
            weakness.codeName,
            name: name.description,
            "version \(version.number) of \"\(name)\" has a weak key: \(weakness.reason)",
            hint: hint
        )
    }

    /// Returns changes that a crash or another process left unfinished.
    private func fileFindings() -> [Finding] {
        var findings: [Finding] = []
        if !home.exists { findings.append(Finding(KeystoreError.noIdentities(home))) }
        if hasTornRegistry {
            findings.append(
                Finding(
                    "torn-registry",
                    "the last line of the registry was not written completely before a crash; "
                        + "it is ignored",
                    hint:
                        "nothing has to be done: the next change of the registry replaces the line"
                )
            )
        }
        if DurableFile.exists(home.rewrapJournalPath) {
            findings.append(
                Finding(
                    "unfinished-rewrap",
                    "a rewrap was interrupted",
                    hint: "finish it: keyctl rewrap --resume"
                )
            )
        }
        return findings
    }

    private func historyFindings(_ foreignFiles: [String]) -> [Finding] {
        let foreign = foreignFiles.map { name in
            Finding(
                "foreign-file",
                "\(home.path)/\(name) is not a file of keyctl, and backups leave it out",
                hint: "move it out of the home"
            )
        }
        let unfollowed = unfollowed.map { name in
            Finding(
                "unfollowed",
                name: name.description,
                "the registry and the keystore hold different histories of your identity "
                    + "\"\(name)\"",
                hint: "see what the registry holds: keyctl show \(name)"
            )
        }
        return foreign + unfollowed
    }

    private func identityFindings(at now: Timestamp) throws -> [Finding] {
        var findings: [Finding] = []
        do { _ = try audit.verified() } catch let error as any ReportableError {
            findings.append(Finding(error))
        }
        for record in try records() {
            let name = record.name.description
            do { try requireSealed(record) } catch let error as any ReportableError {
                findings.append(Finding(error, name: name))
            }
            findings += try dueItems(of: record, until: now)
                .filter { $0.kind != "expires" }  // reported for each key already
                .map { item in
                    Finding(
                        "due-\(item.kind)",
                        name: name,
                        "\(name): \(item.what)",
                        hint: item.command
                    )
                }
        }
        return findings
    }
}
