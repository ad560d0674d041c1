internal import CryptoCore
public import KeyFormats

extension RegistryState {
    /// Returns whether a statement of another owner's log carries the signatures that its kind
    /// needs, by the keys that are known at its place.
    ///
    /// Acts of the registry's owner carry none: the owner's signature on the checkpoint covers
    /// them.
    public func isSigned(_ statement: Statement) -> Bool {
        switch statement.act {
        case .rotate(let rotation): return rotation.isSigned(at: statement.time)
        case .amend(let amendment):
            // An amendment of a chain that leads to no known version changes nothing.
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
            // The owner may have accepted a weak key by name. It is kept for old signatures and
            // files, and nothing is encrypted for it unasked.
            return (try? RSAPublicKey.modulus(ofSPKI: key)) != nil
        case .remove, .assign, .disown, .verify, .unverify, .join, .leave: return true
        }
    }

    /// Replays a line of another owner's log.
    ///
    /// Throws `RegistryError` if a signature is wrong, or if the line does not fit or is from the
    /// future.
    @discardableResult
    public mutating func applyForeign(
        _ line: [UInt8],
        at now: Timestamp
    ) throws(RegistryError) -> Statement {
        let statement = try Statement(line: line)
        guard !statement.isFromTheFuture(at: now) else {
            throw RegistryError.invalidStatement("its time is in the future: \(statement.time)")
        }
        guard isSigned(statement) else {
            throw RegistryError.invalidStatement("a signature is wrong")
        }
        try apply(statement)
        return statement
    }
}
