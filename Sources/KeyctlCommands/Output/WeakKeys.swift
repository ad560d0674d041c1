internal import CommandSupport
internal import KeyFormats

/// What happens to keys that could be broken.
enum WeakKeys {
    /// Throws the first reason against a key, or names every one where the user accepts it.
    static func judge(
        _ key: PublicKey,
        by examination: KeyExamination,
        allowing: Bool
    ) throws {
        guard allowing else { return try examination.requireStrong(key) }
        for weakness in try examination.weaknesses(of: key) { warn(of: weakness) }
    }

    /// Names the risk of a key that the user accepts.
    static func warn(of weakness: KeyWeakness) {
        Report.warning("accepted a weak key (\(weakness.codeName)): \(weakness.reason)")
    }
}
