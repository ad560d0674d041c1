package import KeyFormats

/// Examines the keys that new statements bring into a registry, before the statements are appended.
///
/// A key that the registry knows is not examined again: it was examined when it came, or the owner
/// accepted it by name. The caller makes one value for each change, from the registry's newest
/// state.
package struct StatementExamination: Sendable {
    /// A new key, and one reason to refuse it.
    package struct Finding: Sendable {
        /// The fingerprint of the key.
        package let fingerprint: Fingerprint
        /// The reason.
        package let weakness: KeyWeakness
    }

    private var examination: KeyExamination
    private var known: Set<[UInt8]>
    private var work: KeyWork

    /// Compares with every key of a registry.
    ///
    /// All calls together may cost at most `work`.
    package init(_ registry: RegistryState, compromised: CompromisedKeys, work: KeyWork) {
        examination = KeyExamination(registry, compromised: compromised)
        known = Set(registry.all.flatMap { $0.versions.map(\.keyDER) })
        self.work = work
    }

    /// Examines the new keys of statements.
    ///
    /// Throws `RegistryError` with the first weakness, or if examining the keys costs too much.
    /// Strong keys of `name` are known from then on, so that later keys are compared with them.
    package mutating func requireStrong(_ statements: [Statement], of name: KeyName?) throws {
        guard let first = try findings(in: statements, of: name).first else { return }
        throw RegistryError.weakKey(first.fingerprint, first.weakness)
    }

    /// Returns how many statements, from the first, can be examined within the remaining work.
    ///
    /// Throws `KeyFormatError` if a key cannot be read.
    package func affordableCount(of statements: [Statement]) throws -> Int {
        var fresh: Set<[UInt8]> = []
        var keys: [PublicKey] = []
        for (index, statement) in statements.enumerated() {
            for der in statement.keys where !known.contains(der) && fresh.insert(der).inserted {
                keys.append(try PublicKey(spkiDER: der, allowingWeak: true))
            }
            var trial = work
            guard trial.canExamine(keys, knownCount: examination.knownCount + keys.count) else {
                return index
            }
        }
        return statements.count
    }

    /// Returns every weakness of the new keys.
    ///
    /// They are also compared with each other.
    ///
    /// Throws `RegistryError` if examining them costs too much.
    package mutating func findings(
        in statements: [Statement],
        of name: KeyName?
    ) throws -> [Finding] {
        var fresh: Set<[UInt8]> = []
        var keys: [PublicKey] = []
        for der in statements.flatMap(\.keys)
        where !known.contains(der) && fresh.insert(der).inserted {
            keys.append(try PublicKey(spkiDER: der, allowingWeak: true))
        }
        let count = examination.knownCount
        guard work.canExamine(keys, knownCount: count + keys.count) else {
            throw RegistryError.tooMuchWork
        }
        var findings: [Finding] = []
        for key in keys {
            let fingerprint = key.fingerprint
            findings += try examination.weaknesses(of: key).map {
                Finding(fingerprint: fingerprint, weakness: $0)
            }
            examination.learn(key, of: name?.description ?? fingerprint.description)
        }
        if findings.isEmpty {
            known.formUnion(fresh)
        } else {
            // Refused keys are forgotten: otherwise their sender could make other people's keys
            // look weak.
            examination.forget(after: count)
        }
        return findings
    }
}
