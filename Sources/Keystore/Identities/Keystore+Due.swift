public import KeyFormats
internal import Registry

extension Keystore {
    /// Returns what the policy and the dates of an identity require until a time.
    ///
    /// Reads only the public header of the sealed file, so it needs no passphrase. Throws
    /// `KeystoreError` if the header cannot be read.
    public func dueItems(of record: IdentityRecord, until time: Timestamp) throws -> [DueItem] {
        var items: [DueItem] = []
        let name = record.name
        func add(_ kind: String, since: Timestamp?, _ what: String, _ command: String) {
            items.append(
                DueItem(
                    name: name.description,
                    kind: kind,
                    since: since?.description ?? "",
                    what: what,
                    command: command
                )
            )
        }
        if let due = record.rotationDue, due <= time {
            let command = record.pending == nil ? "rotate" : "promote"
            add(
                "rotate",
                since: due,
                "the policy requires a rotation at \(due)",
                "keyctl \(command) --user \(name)"
            )
        }
        if let expires = record.identity.active?.expires, expires <= time {
            add(
                "expires",
                since: expires,
                "its key expires at \(expires)",
                "keyctl rotate --user \(name), or keyctl renew --user \(name) --expires 1y"
            )
        }
        if try needsPurge(record, at: time) {
            add(
                "purge",
                since: record.destroyed.values.min(),
                "destroyed keys are still in its sealed file",
                "keyctl destroy --due"
            )
        }
        return items
    }
}
