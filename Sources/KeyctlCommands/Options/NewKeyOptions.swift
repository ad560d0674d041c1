internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import Keystore

/// Where a new key is kept: in the keystore, or with another key provider.
struct NewKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the key with this provider, for example a plugin for a token.",
            valueName: "name[:where]"
        )
    )
    var provider: String?
    @Flag(help: "Take the key that the provider has already, instead of making one.")
    var existing = false

    func validate() throws {
        guard !existing || provider != nil else {
            throw ValidationError("--existing goes with --provider")
        }
    }

    /// Whether the key is kept elsewhere, so that no passphrase protects it.
    var isElsewhere: Bool { provider != nil }

    /// Makes a key, or takes one that is there.
    ///
    /// `label` says whose it is, such as `alice v1`. A key from elsewhere is examined like an
    /// imported one, and must pass a trial. Throws `CommandError` where there is no such provider.
    func key(bitCount: Int, label: String, _ keystore: Keystore) throws -> NewKey {
        guard let provider else {
            return NewKey(try RSAPrivateKey.generate(bitCount: bitCount), .sealed)
        }
        let parts = provider.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count > 1 ? String(parts[1]) : nil
        guard let maker = try keystore.providers.provider(String(parts[0])) as? any KeyMaker else {
            throw CommandError.usage(
                "there is no key provider \"\(Printable.text(parts[0], limit: 64))\" that makes keys",
                hint:
                    "see what there is: keyctl plugin list; trust a plugin: keyctl plugin trust PATH"
            )
        }
        let provided =
            existing
            ? try only(maker.existing(where: place), of: maker)
            : try maker.make(bitCount: bitCount, label: label, where: place)
        let new = NewKey(
            provided.key,
            provided.place,
            made: existing ? nil : maker,
            in: keystore.home
        )
        try new.undoing {
            let publicKey = try PublicKey(provided.key.publicKey, allowingWeak: true)
            try WeakKeys.judge(publicKey, by: .standard(keystore), allowing: false)
            try KeyTrial.require(provided.key, of: maker.id)
        }
        return new
    }

    /// Throws `CommandError` where a key of the identity cannot be sealed, as no passphrase protects
    /// its sealed file.
    func requirePlace(for unlocked: UnlockedIdentity) throws {
        guard !isElsewhere, !unlocked.holdsSealedKeys else { return }
        throw CommandError.usage(
            "no key of \"\(unlocked.record.name)\" is sealed in the keystore, so no passphrase would "
                + "protect a new one there",
            hint: "say where the new key is kept: --provider NAME[:WHERE]"
        )
    }

    private func only(_ keys: [ProvidedKey], of maker: any KeyMaker) throws -> ProvidedKey {
        guard let first = keys.first else {
            throw CommandError.failed(
                "the key provider \"\(maker.id)\" has no key there",
                hint: "make one: leave out --existing"
            )
        }
        guard keys.count == 1 else {
            let list = keys.prefix(8).map { key in
                let fingerprint = try? PublicKey(key.key.publicKey, allowingWeak: true).fingerprint
                return fingerprint.map { "\($0)" } ?? "?"
            }
            throw CommandError.usage(
                "the key provider \"\(maker.id)\" has \(keys.count) keys there: "
                    + list.joined(separator: ", "),
                hint: "say which one: --provider \(maker.id):WHERE"
            )
        }
        return first
    }
}

/// A key that is to become an identity's.
struct NewKey {
    let key: any IdentityKey
    let place: KeyPlace
    /// Who made it just now, where it is not in the keystore.
    private let maker: (any KeyMaker)?
    private let home: Home?

    init(
        _ key: any IdentityKey,
        _ place: KeyPlace,
        made maker: (any KeyMaker)? = nil,
        in home: Home? = nil
    ) {
        self.key = key
        self.place = place
        self.maker = maker
        self.home = home
    }

    /// Runs `body`; where it fails, a key that was made elsewhere for it is removed again.
    func undoing<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch {
            guard let maker else { throw error }
            guard let home, NewKey.isUnused(place, in: home) else {
                Report.warning(
                    "the new key stays with the provider \"\(maker.id)\": an identity may use it"
                )
                throw error
            }
            do { try maker.remove(place) } catch let other {
                Report.warning(
                    "the new key stays with the provider \"\(maker.id)\", unused: "
                        + Report.message(of: other)
                )
            }
            throw error
        }
    }

    /// Whether no identity in the home names the place, as its files are now.
    private static func isUnused(_ place: KeyPlace, in home: Home) -> Bool {
        guard let keystore = try? Keystore(home: home), let records = try? keystore.records(),
            keystore.leftAside.isEmpty
        else { return false }
        for record in records {
            for (_, used) in record.keysElsewhere where used == place { return false }
        }
        return true
    }
}
