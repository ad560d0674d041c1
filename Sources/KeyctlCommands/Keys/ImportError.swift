internal import CryptoCore

/// The one failure that is the import's own.
struct ImportError: ReportableError {
    let message: String
    let hint: String?
    let codeName = "wrong-passphrase"

    static func wrongPassphrase(_ name: String) -> ImportError {
        ImportError(
            message: "the passphrase does not open \(name), or the file is damaged",
            hint: "nothing was changed; --passphrase-… is for the file, --new-passphrase-… for "
                + "the keystore"
        )
    }
}
