internal import KeyFormats

/// The key in use of a name.
struct ActiveKey {
    let name: KeyName
    let key: PublicKey
    let expires: Timestamp?
}
