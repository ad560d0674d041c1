/// Which recipients may share a file with a recipient.
///
/// A file is as weak as its weakest recipient, so age writes only recipients of one company into a
/// file (C2SP age § recipient types; age's `postquantum` label).
public enum RecipientCompany: String, Sendable {
    /// No other recipient: that it opens the file shows that its holder made the file.
    case alone
    /// Recipients whose keys a quantum computer would find.
    case classical
    /// Recipients whose keys a quantum computer would not find.
    case postQuantum = "post-quantum"

    /// Throws `AgeError` unless all of these recipients may share a file.
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
