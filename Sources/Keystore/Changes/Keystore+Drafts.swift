internal import DurableFiles

/// Files that a crash left half written: they may hold private keys, without a passphrase.
extension Keystore {
    /// Where a new identity's folder stands until it is whole.
    ///
    /// No identity's name begins with a dot.
    var newDraftPath: String { "\(home.identitiesPath)/.new" }

    /// Drafts among the identities, old and new, of any age.
    ///
    /// Only the holder of the home's lock writes there: under the lock, nobody is writing them.
    var abandonedDrafts: [String] {
        let folders = [home.identitiesPath] + folders(in: home.identitiesPath)
        let drafts = (folders + self.folders(in: home.replacedPath)).flatMap { folder in
            // A folder that cannot be read is told elsewhere.
            (try? DurableFile.drafts(in: folder, olderThan: 0)) ?? []
        }
        return drafts + (DurableFile.exists(newDraftPath) ? [newDraftPath] : [])
    }

    /// Removes them as far as that is possible; only under the home's lock.
    func removeAbandonedDrafts() {
        try? removeNewDraft()
        for draft in abandonedDrafts { try? DurableFile.remove(draft) }
    }

    /// Removes the draft of a new identity with all that is in it; only under the home's lock.
    func removeNewDraft() throws {
        guard DurableFile.exists(newDraftPath) else { return }
        DurableFile.removeTree(newDraftPath)
        // Nothing of it may get into the next identity's folder.
        guard !DurableFile.exists(newDraftPath) else {
            throw KeystoreError.foreignFolder(newDraftPath)
        }
    }

    /// Removes drafts from the folders where others write without the lock, when they are so old
    /// that nobody is writing them.
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
