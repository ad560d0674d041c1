internal import CryptoCore
public import KeyFormats

extension RegistryState {
    /// Whether a statement of somebody else's log carries the signatures that its kind needs, by
    /// the keys that are known at its place.
    ///
    /// What a registry's owner may do alone is covered by the owner's signature on the checkpoint.
    public func isSigned(_ statement: Statement) -> Bool {
        switch statement.act {
        case .rotate(let rotation): return rotation.isSigned(at: statement.time)
        case .amend(let amendment):
            // About a chain that leads nowhere yet it changes nothing.
            guard let identity = identity(id: amendment.id) else { return true }
            guard let key = try? identity.version(amendment.version)?.storedKey() else {
                return false
            }
            return amendment.isSigned(by: key, at: statement.time)
        case .revoke(let revocation):
            let version = holders(of: revocation.fingerprint).first?.version
            guard let key = try? version?.storedKey() else { return false }
            return revocation.isSigned(by: key, at: statement.time)
        case .sign(let record):
            guard let key = try? identity(id: record.id)?.version(record.version)?.storedKey()
            else { return false }
            return record.isSigned(by: key, at: statement.time)
        case .register(_, let key, _), .replace(_, let key, _):
            // A weak key, which an owner may have accepted by name, is kept for what it was used
            // for; nothing is encrypted for it unasked.
            return (try? RSAPublicKey.modulus(ofSPKI: key)) != nil
        case .remove, .assign, .disown, .verify, .unverify, .join, .leave: return true
        }
    }

    /// Replays a line of somebody else's log; throws `RegistryError` where a signature is wrong, it
    /// does not fit, or it is from the future.
    @discardableResult
    public mutating func applyForeign(
        _ line: [UInt8],
        at now: Timestamp
    ) throws(RegistryError) -> Statement {
        let statement = try Statement(line: line)
        guard statement.time <= now.adding(seconds: RegistryState.toleratedSeconds) else {
            throw RegistryError.invalidStatement("its time is in the future: \(statement.time)")
        }
        guard isSigned(statement) else {
            throw RegistryError.invalidStatement("a signature is wrong")
        }
        try apply(statement)
        return statement
    }
}
