internal import DurableFiles
public import KeyFormats
public import Keystore

/// A rewrap of many files, one after the other, with a lock of the home and a journal.
///
/// The command creates one. An observer is called after each file, on the thread of the command.
public struct RewrapRun: ~Copyable {
    /// Receives the result for one file, or the error; after an error, the file is unchanged.
    public typealias Observer = (
        _ path: String, _ result: Result<Rewrapper.Outcome, any Error>
    ) throws -> Void

    private let home: Home
    private let rewrapper: Rewrapper
    private let lock: FileLock

    /// Takes the lock; throws `EncryptedFileError` if another rewrap has it.
    public init(_ keystore: Keystore, _ user: any UserDialogue) throws {
        guard let lock = try FileLock(trying: keystore.home.rewrapJournalPath + ".lock") else {
            throw EncryptedFileError.anotherRewrap
        }
        let rewrapper = try Rewrapper(keystore, user)
        home = keystore.home
        self.rewrapper = rewrapper
        self.lock = lock
    }

    /// Creates the order for names of people and groups; throws if a name is not known.
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

    /// Reports what a rewrap would change in each file, and changes nothing.
    public func rehearse(
        _ order: RewrapOrder,
        files: [String],
        observer: Observer
    ) throws {
        for path in files { try observer(path, result(path, order, dryRun: true)) }
    }

    /// Rewraps files; `files` is called only if there is no journal of an earlier rewrap.
    ///
    /// Throws `EncryptedFileError` if an earlier rewrap is not finished.
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

    /// Rewraps the files that an interrupted rewrap left, with the order of that rewrap.
    ///
    /// Throws `EncryptedFileError` if there is no journal, or if it is damaged.
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
        // The rewrap is finished, because the observer was told of each failure. So the next rewrap
        // may begin.
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
