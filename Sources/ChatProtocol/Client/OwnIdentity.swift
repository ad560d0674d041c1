package import Registry

/// The user's own identity, as the keystore has it when a connection is made.
package struct OwnIdentity: Sendable {
    /// The identity; the server's registry must show the same one to the other members.
    package let identity: RegisteredIdentity
    /// The identity's statements, for a server that knows only an earlier version.
    package let statements: [Statement]

    /// Names an identity and its statements.
    package init(identity: RegisteredIdentity, statements: [Statement]) {
        self.identity = identity
        self.statements = statements
    }

    /// Returns the statements that the server's registry lacks, oldest first.
    ///
    /// If they exceed `statementsByteCount`, only the newest are returned: the server can follow
    /// them from any version that it knows.
    func statements(lackingIn registry: RegistryState) -> [Statement] {
        let head = registry.identity(id: identity.id)?.chainHead
        let first = statements.lastIndex { $0.leafHash == head }.map { $0 + 1 } ?? 0
        // A revocation is not part of the chain, so the registry may also lack one from before its
        // head.
        let revocations = statements[..<first].filter { statement in
            guard let key = statement.revokedKey else { return false }
            return !registry.holders(of: key).allSatisfy(\.version.isRevoked)
        }
        var byteCount = 0
        let newest = (revocations + statements[first...]).reversed().prefix { statement in
            byteCount += statement.line.count
            return byteCount <= ClientLimits.statementsByteCount
        }
        return newest.reversed()
    }
}
