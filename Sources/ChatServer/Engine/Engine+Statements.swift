import ChatProtocol
import CryptoCore
internal import Failures
import KeyFormats
import Keystore
import Logging
import Registry

/// The statements that a client sends in its Hello, in case the registry has only an earlier
/// version of its identity.
///
/// The client has proved nothing yet. So a signature by a known key must be valid before any other
/// signature is verified.
extension Engine {
    /// The statements of a Hello that the registry lacks, and the registry with them applied.
    struct Followed {
        var state: RegistryState
        var statements: [Statement] = []
    }

    /// Verifies the statements of a Hello; if that fails, returns the present registry.
    mutating func followed(_ request: LoginRequest) -> Followed {
        let known = keystore.registry.state
        let now = clock.steady()
        guard !request.statements.isEmpty, budget.allows(request.prefix, at: now) else {
            return Followed(state: known)
        }
        let fresh = unknown(request.statements, to: known)
        guard !fresh.isEmpty else { return Followed(state: known) }
        guard isLinked(fresh, to: known), let added = try? known.statementsToFollow(fresh),
            changesSomething(added, in: known)
        else {
            budget.fail(request.prefix, at: now)
            return Followed(state: known)
        }
        var state = known
        for statement in added { try? state.apply(statement) }
        return Followed(state: state, statements: added.isEmpty ? [] : fresh)
    }

    /// Returns the statements that the registry lacks; none if one of them must not be in it.
    private func unknown(_ statements: [Statement], to known: RegistryState) -> [Statement] {
        for statement in statements {
            // Logged signatures are for the member's own registry.
            if case .sign = statement.act { return [] }
        }
        guard !isOfServer(statements) else { return [] }
        let chain = Set(known.identity(inChain: statements)?.chain ?? [])
        return statements.filter { !chain.contains($0.leafHash) }
    }

    /// Whether a known key signed the first statement about a known key.
    private func isLinked(_ statements: [Statement], to known: RegistryState) -> Bool {
        let identity = known.identity(inChain: statements)
        let keys = Set((identity?.versions ?? []).map(\.keyDER))
        for statement in statements {
            switch statement.act {
            case .rotate(let rotation):
                if keys.contains(rotation.oldKey) {
                    return rotation.isSignedByOldKey(at: statement.time)
                }
                if keys.contains(rotation.newKey) {
                    return rotation.isSignedByNewKey(at: statement.time)
                }
            case .amend(let amendment) where amendment.id == identity?.id:
                return known.isSigned(statement)
            case .revoke(let revocation):
                let isKnown = identity?.versions.contains {
                    $0.fingerprint == revocation.fingerprint
                }
                if isKnown == true { return known.isSigned(statement) }
            case .amend, .sign, .register, .replace, .remove, .assign, .disown, .verify, .unverify,
                .join, .leave:
                continue
            }
        }
        return false
    }

    /// Whether each renewal changes the date; a renewal without a change would only make the
    /// registry longer.
    private func changesSomething(_ added: [Statement], in known: RegistryState) -> Bool {
        var state = known
        for statement in added {
            if case .amend(let amendment) = statement.act,
                case .renew(let expires) = amendment.change,
                let version = state.identity(id: amendment.id)?.version(amendment.version),
                version.expires == expires
            {
                return false
            }
            try? state.apply(statement)
        }
        return true
    }

    /// Stores the statements of a client whose login succeeds.
    mutating func keep(_ statements: [Statement], of identity: SHA256Digest) -> KeptStatements {
        guard !statements.isEmpty else { return .kept }
        do {
            guard try isHomeFree() else { return .homeIsBusy }
            let now = clock.steady()
            guard budget.mayBring(statements, of: identity, at: now) else {
                logger.info("\(ServerError.tooManyStatements.message)")
                return .refused(ServerError.tooManyStatements)
            }
            let following = try keystore.follow(statements, as: "follow", work: .login)
            budget.charge(following.statements, of: identity, at: now)
            problems.end(.statements)
            return following.refusal.map { .refused($0) } ?? .kept
        } catch let error as KeystoreError where error.code == .locked {
            return .homeIsBusy
        } catch {
            problems.begin(.statements, error)
            return (error as? any ReportableError).map { .refused($0) } ?? .kept
        }
    }

    /// Whether statements are about the server's own keys, which only its admin changes.
    private func isOfServer(_ chain: [Statement]) -> Bool {
        let server = keystore.registry.state.identity(id: identity.chat)
        let keys = Set((server?.versions ?? []).compactMap(\.fingerprint))
        for statement in chain {
            if statement.identityID == identity.chat { return true }
            if let key = statement.revokedKey, keys.contains(key) { return true }
        }
        return false
    }
}

/// What happened to the statements of a login.
enum KeptStatements {
    /// All of them are in the registry.
    case kept
    /// Some or all of them were refused; the login is judged by the registry without them.
    case refused(any ReportableError)
    /// Another process holds the home's lock; the login is tried again later.
    case homeIsBusy
}
