internal import ArgumentParser
internal import KeyFormats
internal import Registry

extension SignatureJudgement.Verdict {
    /// The text that follows "signed by NAME, version N, " in messages.
    var reason: String {
        switch self {
        case .active: "in use"
        case .expired(let time): "which expired at \(time)"
        case .retired: "which was retired later"
        case .loggedBeforeRevocation: "and it was logged before the key was revoked"
        case .beforeRevocation(let time): "revoked at \(time), after the time that you vouch for"
        case .revoked(let time, let reason):
            "which was REVOKED" + (time.map { " at \($0)" } ?? "")
                + (reason.isEmpty ? "" : " (\(Printable.text(reason)))")
        case .outsideOfUse(let why): "but by the time that you vouch for, \(why)"
        case .frozen: "whose name is frozen: two different successors of one key exist"
        case .removed: "which was removed from your registry"
        }
    }

    /// The hint about what the user can do; `nil` if there is nothing to do.
    var hint: String? {
        switch self {
        case .revoked:
            "a thief can choose the date of a signature; if you know that it is "
                + "older, say so with --at TIME, or import the statement of keyctl sign --log"
        case .frozen: "compare fingerprints in person; see both keys: keyctl show NAME"
        case .active, .expired, .retired, .loggedBeforeRevocation, .beforeRevocation,
            .outsideOfUse, .removed:
            nil
        }
    }
}
