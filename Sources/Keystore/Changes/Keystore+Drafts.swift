internal import DurableFiles

/// Drafts: half-written files that a crash left. They may hold private keys without a passphrase.
extension Keystore {
    /// The folder in which a new identity's files are written first.
    ///
    /// No identity's name begins with a dot.
    var newDraftPath: String { "\(home.identitiesPath)/.new" }

    /// Every draft in the folders of identities and in `replaced/`, whatever its age.
    ///
    /// Only the holder of the home's lock writes there. So under the lock, no draft is in use.
    var abandonedDrafts: [String] {
        let folders = [home.identitiesPath] + folders(in: home.identitiesPath)
        let drafts = (folders + self.folders(in: home.replacedPath)).flatMap { folder in
            // `storedIdentities` reports a folder that cannot be read.
            (try? DurableFile.drafts(in: folder, olderThan: 0)) ?? []
        }
        return drafts + (DurableFile.exists(newDraftPath) ? [newDraftPath] : [])
    }

    /// Removes abandoned drafts as far as possible.
    ///
    /// The caller must hold the home's lock.
    func removeAbandonedDrafts() {
        try? removeNewDraft()
        for draft in abandonedDrafts { try? DurableFile.remove(draft) }
    }

    /// Removes the draft of a new identity with its content.
    ///
    /// The caller must hold the home's lock.
    ///
    /// Throws `KeystoreError` if the draft cannot be removed.
    func removeNewDraft() throws {
        guard DurableFile.exists(newDraftPath) else { return }
        DurableFile.removeTree(newDraftPath)
        // No old file may get into the next identity's folder.
        guard !DurableFile.exists(newDraftPath) else {
            throw KeystoreError.foreignFolder(newDraftPath)
        }
    }

    /// Removes old drafts from the folders that other processes write without the lock.
    ///
    /// A draft is removed only if it is so old that no process can still be writing it.
    func removeStaleDrafts() throws {
        for folder in [home.path, home.path + "/registry", home.chatPath]
        where DurableFile.exists(folder) {
            try DurableFile.removeStaleDrafts(in: folder)
        }
        for folder in folders(in: home.chatPath) {
            try? DurableFile.removeStaleDrafts(in: folder)
        }
    }

    private func folders(in folder: String) -> [String] {
        ((try? DurableFile.names(in: folder)) ?? []).map { "\(folder)/\($0)" }
    }
}
