internal import KeyFormats

/// The version of a name that is in use.
struct SyncedKey {
    let name: KeyName
    let key: PublicKey
    let expires: Timestamp?
}
