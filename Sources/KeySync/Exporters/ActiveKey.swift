internal import KeyFormats

/// The version of a name that is in use.
struct ActiveKey {
    let name: KeyName
    let key: PublicKey
    let expires: Timestamp?
}
