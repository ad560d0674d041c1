package import Registry

/// Oneself, as one's own keystore has it when a connection is made.
package struct OwnIdentity: Sendable {
    /// The identity; what the server tells others of it must not differ.
    package let identity: RegisteredIdentity
    /// Its statements, for a server that knows an earlier version only.
    package let statements: [Statement]

    /// Names an identity and its statements.
    package init(identity: RegisteredIdentity, statements: [Statement]) {
        self.identity = identity
        self.statements = statements
    }

    /// The statements that a registry lacks; the newest ones, as many as a hello has room for: the
    /// server follows them from any version that it knows.
    func statements(lackingIn registry: RegistryState) -> [Statement] {
        let head = registry.identity(id: identity.id)?.chainHead
        let first = statements.lastIndex { $0.leafHash == head }.map { $0 + 1 } ?? 0
        // A revocation stands beside the chain: it may be lacking behind its head, too.
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
