/// Which recipients may share a file.
///
/// A file is as weak as its weakest recipient. So age writes only recipients of one value into a
/// file (C2SP age § recipient types; age's `postquantum` label).
public enum RecipientCompany: String, Sendable {
    /// No other recipient may share the file.
    ///
    /// So a reader knows that the file was made by a holder of the passphrase.
    case alone
    /// Recipients whose keys a quantum computer could break.
    case classical
    /// Recipients whose keys are expected to withstand a quantum computer.
    case postQuantum = "post-quantum"

    /// Throws `AgeError` unless all recipients may share a file.
    static func require(_ recipients: [any AgeRecipient]) throws(AgeError) {
        guard recipients.count > 1, let first = recipients.first else { return }
        if let lonely = recipients.first(where: { $0.kind.company == .alone }) {
            throw AgeError.mustBeAlone(lonely.name)
        }
        let other = recipients.first { $0.kind.company != first.kind.company }
        guard let other else { return }
        let isFirst = first.kind.company == .postQuantum
        throw AgeError.mixedCompany(
            postQuantum: isFirst ? first.name : other.name,
            classical: isFirst ? other.name : first.name
        )
    }
}
