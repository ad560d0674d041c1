internal import CryptoCore
public import KeyFormats

extension RegistryState {
    /// Returns the statements of a chain that are new to this registry.
    ///
    /// A chain is followed only from the version that is active here. A fork is returned as the
    /// statement that freezes the name. Throws `RegistryError` if a signature is wrong, if a step
    /// is missing, or if the chain continues from a revoked version.
    public func statementsToFollow(
        _ chain: [Statement],
        at now: Timestamp = .now
    ) throws(RegistryError) -> [Statement] {
        try RegistryState.requireReadable(chain)
        var follower = try ChainFollower(self, chain)
        for (index, statement) in chain.enumerated() {
            guard !statement.isFromTheFuture(at: now) else {
                throw RegistryError.fromTheFuture(statement.time, number: index + 1)
            }
            try follower.take(statement)
        }
        return try follower.finish()
    }

    /// The new statements of a chain, and why the rest of it does not count.
    package struct Following: Sendable {
        /// The statements to append.
        package let statements: [Statement]
        /// Why the rest is refused; `nil` if nothing is.
        package let refusal: RegistryError?

        /// Makes the result; `refusal` is `nil` if nothing was refused.
        package init(_ statements: [Statement], refusal: RegistryError? = nil) {
            self.statements = statements
            self.refusal = refusal
        }
    }

    /// Does what `statementsToFollow` does; if that throws, returns the revocations by known keys,
    /// and the error.
    package func following(_ chain: [Statement], at now: Timestamp = .now) -> Following {
        do throws(RegistryError) {
            return Following(try statementsToFollow(chain, at: now))
        } catch {
            return Following(newRevocations(in: chain, at: now), refusal: error)
        }
    }

    /// Returns those revocations among the statements that revoke more than is known, each signed
    /// by its key.
    package func newRevocations(
        in statements: [Statement],
        at now: Timestamp = .now
    ) -> [Statement] {
        var state = self
        return statements.filter { statement in
            !statement.isFromTheFuture(at: now) && (try? state.learns(statement)) == true
                && (try? state.apply(statement)) != nil
        }
    }

    /// Returns the identity that a chain is about: by its id, else by any key of its rotations.
    public func identity(inChain chain: [Statement]) -> RegisteredIdentity? {
        for statement in chain {
            if let known = statement.identityID.flatMap({ identity(id: $0) }) { return known }
            guard let rotation = statement.rotation else { continue }
            if let known = identity(keyDER: rotation.newKey) { return known }
            if let known = identity(keyDER: rotation.oldKey) { return known }
        }
        return nil
    }

    /// Returns whether a statement revokes a key that is known here, under any name.
    func revokesKnownKey(_ statement: Statement) -> Bool {
        statement.revokedKey.map { !holders(of: $0).isEmpty } ?? false
    }

    /// Returns whether a revocation revokes more than is known; throws if the key did not sign it.
    func learns(_ statement: Statement) throws(RegistryError) -> Bool {
        guard case .revoke(let revocation) = statement.act else { return false }
        let isNew = holders(of: revocation.fingerprint).contains { holder in
            holder.version.isLessRevoked(than: revocation.since)
        }
        guard !isNew || isSigned(statement) else {
            throw RegistryError.brokenChain("a revocation is not signed by its key")
        }
        return isNew
    }
}
