internal import CommandSupport
internal import KeyFormats

/// The decision about weak keys, and the warnings if the user accepts them.
enum WeakKeys {
    /// Throws the first weakness of a key; if `allowing`, prints a warning for each weakness
    /// instead.
    static func judge(
        _ key: PublicKey,
        by examination: KeyExamination,
        allowing: Bool
    ) throws {
        guard allowing else { return try examination.requireStrong(key) }
        for weakness in try examination.weaknesses(of: key) { warn(of: weakness) }
    }

    /// Prints a warning about a weak key that the user accepts.
    static func warn(of weakness: KeyWeakness) {
        Report.warning("accepted a weak key (\(weakness.codeName)): \(weakness.reason)")
    }
}
