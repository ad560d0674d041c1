public import KeyFormats

/// Examines every key that statements bring into a registry, before they are appended.
///
/// A key that the registry knows already is not examined again: it was when it came, or somebody
/// accepted it by name. The caller makes one for each change, from the registry's newest state.
public struct StatementExamination: Sendable {
    /// A new key, and a reason to refuse it.
    public struct Finding: Sendable {
        /// The key.
        public let fingerprint: Fingerprint
        /// What speaks against it.
        public let weakness: KeyWeakness
    }

    private var examination: KeyExamination
    private var known: Set<[UInt8]>
    private var work: KeyWork

    /// Compares with every key of a registry; all calls together may cost no more than `work`.
    public init(_ registry: RegistryState, compromised: CompromisedKeys, work: KeyWork) {
        examination = KeyExamination(registry, compromised: compromised)
        known = Set(registry.all.flatMap { $0.versions.map(\.keyDER) })
        self.work = work
    }

    /// Throws `RegistryError` with the first reason against a new key, or where examining them
    /// would take too long.
    ///
    /// The keys of `name` that are strong are known from then on, so that later ones are compared
    /// with them.
    public mutating func requireStrong(_ statements: [Statement], of name: KeyName?) throws {
        guard let first = try findings(in: statements, of: name).first else { return }
        throw RegistryError.weakKey(first.fingerprint, first.weakness)
    }

    /// How many statements, from the first on, may be examined together: all of them, or as many as
    /// the work allows.
    public func affordableCount(of statements: [Statement]) throws -> Int {
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

    /// Everything that speaks against the new keys, which are compared with each other, too.
    ///
    /// Throws `RegistryError` where examining them would take too long.
    public mutating func findings(
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
            // What is refused is not known afterwards: its sender must not make others' keys suspect.
            examination.forget(after: count)
        }
        return findings
    }
}
