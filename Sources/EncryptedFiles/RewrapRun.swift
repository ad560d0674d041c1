internal import DurableFiles
public import KeyFormats
public import Keystore

/// A rewrap of many files: one at a time in a home, under its lock, with a journal.
///
/// The command makes one, and hears of each file by a closure as soon as the file is done.
public struct RewrapRun: ~Copyable {
    /// Hears what became of a file, or why it stayed as before.
    public typealias Observer = (
        _ path: String, _ result: Result<Rewrapper.Outcome, any Error>
    ) throws -> Void

    private let home: Home
    private let rewrapper: Rewrapper
    private let lock: FileLock

    /// Takes the lock; throws `EncryptedFileError` where another rewrap holds it.
    public init(_ keystore: Keystore, _ user: any UserDialogue) throws {
        guard let lock = try FileLock(trying: keystore.home.rewrapJournalPath + ".lock") else {
            throw EncryptedFileError.anotherRewrap
        }
        let rewrapper = try Rewrapper(keystore, user)
        home = keystore.home
        self.rewrapper = rewrapper
        self.lock = lock
    }

    /// The order for people and groups; throws where a name leads nowhere.
    public func order(
        to: [KeyName],
        drop: [KeyName],
        isFresh: Bool,
        isHeaderOnly: Bool
    ) throws -> RewrapOrder {
        let order = RewrapOrder(
            to: rewrapper.people(to),
            drop: rewrapper.people(drop),
            isFresh: isFresh,
            isHeaderOnly: isHeaderOnly
        )
        try rewrapper.require(order)
        return order
    }

    /// Says of each file what would become of it, and changes nothing.
    public func rehearse(
        _ order: RewrapOrder,
        files: [String],
        observer: Observer
    ) throws {
        for path in files { try observer(path, result(path, order, dryRun: true)) }
    }

    /// Rewraps files; `files` lists them, and is asked once no earlier journal stands in the way.
    ///
    /// Throws `EncryptedFileError` where an earlier rewrap has not ended.
    public func begin(
        _ order: RewrapOrder,
        files: () throws -> [String],
        observer: Observer
    ) throws {
        guard !RewrapJournal.exists(in: home) else {
            throw EncryptedFileError.unfinishedRewrap(home.rewrapJournalPath)
        }
        try finish(RewrapJournal(order, files: files(), home: home), observer)
    }

    /// Rewraps the files that an interrupted run left, as that run was ordered to.
    ///
    /// Throws `EncryptedFileError` where no journal is there, or where it is damaged.
    public func resume(observer: Observer) throws {
        try finish(RewrapJournal(home: home), observer)
    }

    private func finish(_ journal: RewrapJournal, _ observer: Observer) throws {
        var journal = journal
        for path in journal.files where !journal.done.contains(path) {
            let result = result(path, journal.order, dryRun: false)
            try observer(path, result)
            if case .success = result { try journal.finish(path) }
        }
        // The run came to its end: the observer heard what failed, and no later rewrap waits for it.
        try journal.remove()
    }

    private func result(
        _ path: String,
        _ order: RewrapOrder,
        dryRun: Bool
    ) -> Result<Rewrapper.Outcome, any Error> {
        Result { try rewrapper.rewrap(path, order, dryRun: dryRun) }
    }
}
