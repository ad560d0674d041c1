internal import Keystore

/// Unlocks an identity of the keystore when its key is first needed, and only once.
///
/// The `StoredIdentity` values of one identity share it.
final class IdentityUnlocking {
    let record: IdentityRecord
    private let keystore: Keystore
    private let user: any UserDialogue
    private var unlocked: UnlockedIdentity?

    init(record: IdentityRecord, keystore: Keystore, user: any UserDialogue) {
        self.record = record
        self.keystore = keystore
        self.user = user
    }

    func identity() throws -> UnlockedIdentity {
        if let unlocked { return unlocked }
        let opened = try user.unlock(record, in: keystore)
        unlocked = opened
        return opened
    }
}
