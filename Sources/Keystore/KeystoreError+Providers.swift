internal import KeyFormats

/// Keys that another provider than the keystore keeps.
extension KeystoreError {
    static func unknownProvider(
        _ name: KeyName,
        version: Int,
        _ provider: String
    ) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key of version \(version) of \"\(name)\" is kept by the key provider "
                + "\"\(provider)\", which this program does not have",
            hint: "if it is a plugin, trust it: keyctl plugin trust PATH; else use the version of "
                + "keyctl that made the key, or a newer one"
        )
    }

    static func notWithProvider(
        _ name: KeyName,
        version: Int,
        _ provider: String
    ) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key provider \"\(provider)\" does not find the key of version \(version) of "
                + "\"\(name)\"",
            hint: "make the key available to the provider, and try again"
        )
    }

    static func otherKey(_ name: KeyName, version: Int, _ provider: String) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key provider \"\(provider)\" gave another key than the registered one for "
                + "version \(version) of \"\(name)\"",
            hint: "nothing was signed or decrypted with that key; compare: keyctl show \(name)"
        )
    }

    static func needsPerson(_ name: KeyName, version: Int, _ provider: String) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key of version \(version) of \"\(name)\" is not for use while nobody watches: the "
                + "key provider \"\(provider)\" asks a person, or forbids it",
            hint: "a server needs an identity whose key is sealed in the keystore"
        )
    }

    static func lacksOperation(_ provider: String, _ operation: String) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key of the provider \"\(provider)\" does not offer the operation \(operation), "
                + "which an identity needs",
            hint: "nothing was changed; use another key or another device"
        )
    }

    static func failedTrial(_ provider: String, _ what: String) -> KeystoreError {
        KeystoreError(
            .provider,
            "the key of the provider \"\(provider)\" failed its test: it did not \(what)",
            hint: "nothing was changed"
        )
    }

    static func notExportable(
        _ name: KeyName,
        version: Int,
        _ provider: String
    ) -> KeystoreError {
        KeystoreError(
            .notExportable,
            "the private key of version \(version) of \"\(name)\" cannot be exported: it is "
                + "kept by the key provider \"\(provider)\"",
            hint: "the key works where it is; its public key: keyctl export \(name)"
        )
    }

    static func notSealable(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .notExportable,
            "the new key of \"\(name)\" cannot be sealed in the keystore: it cannot be exported "
                + "from where it is kept"
        )
    }

    static func nothingSealed(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .notExportable,
            "no private key of \"\(name)\" is sealed in the keystore, so there is no passphrase "
                + "that protects one",
            hint:
                "the key providers that keep its keys have secrets of their own: change those there"
        )
    }
}
