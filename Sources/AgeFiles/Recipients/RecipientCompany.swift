/// Which recipients may share a file.
///
/// A file is as weak as its weakest recipient. So recipients have labels, and all recipients of a
/// file have the same ones (C2SP age-plugin § recipient-v1; age's `postquantum` label).
public enum RecipientCompany: Hashable, Sendable {
    /// No other recipient: that it opens the file shows that its holder made the file.
    case alone
    /// Recipients with exactly these labels.
    case labels(Set<String>)

    /// Recipients whose keys a quantum computer would find: they have no label.
    public static let classical = RecipientCompany.labels([])
    /// Recipients whose keys a quantum computer would not find.
    public static let postQuantum = RecipientCompany.labels(["postquantum"])

    /// A recipient, and what it may share a file with.
    typealias Member = (name: String, company: RecipientCompany)

    /// Throws `AgeError` where recipients may not share a file, as far as that is known before a
    /// plugin tells its labels.
    static func require(_ recipients: [any AgeRecipient]) throws(AgeError) {
        guard recipients.count > 1 else { return }
        if let lonely = recipients.first(where: { $0.kind.company == .alone }) {
            throw AgeError.mustBeAlone(lonely.name)
        }
        var known: [Member] = []
        for recipient in recipients {
            guard let company = recipient.kind.company else { continue }
            known.append((recipient.name, company))
        }
        try require(known)
    }

    /// Throws `AgeError` unless all members have the same labels.
    static func require(_ members: [Member]) throws(AgeError) {
        guard let first = members.first else { return }
        for member in members where member.company != first.company {
            throw AgeError.mixedCompany(first, member)
        }
    }
}
