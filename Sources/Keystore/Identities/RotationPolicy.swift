public import KeyFormats

/// How often an identity is to be rotated, and how many of its keys are kept.
public struct RotationPolicy: Sendable, Hashable, CustomStringConvertible {
    /// The largest number of versions that a policy can keep.
    public static let largestKept = 1_000

    /// How long a version is used at most; `nil`: no bound.
    public let rotateEvery: Lifetime?
    /// How many of the newest versions keep their private key; `nil`: all.
    public let keep: Int?

    /// Makes a policy; `nil` for both means no policy.
    ///
    /// `keep` must be between 1 and `largestKept`.
    public init(rotateEvery: Lifetime?, keep: Int?) {
        precondition(keep.map { (1...RotationPolicy.largestKept).contains($0) } ?? true)
        self.rotateEvery = rotateEvery
        self.keep = keep
    }

    /// No policy.
    public static let none = RotationPolicy(rotateEvery: nil, keep: nil)

    /// The policy for people: `rotate every 90d, keep 3 keys`.
    public var description: String {
        [rotateEvery.map { "rotate every \($0)" }, keep.map { "keep \($0) keys" }]
            .compactMap(\.self).joined(separator: ", ")
    }

    var text: String {
        "rotate-every=\(rotateEvery?.description ?? "-") keep=\(keep.map(String.init) ?? "-")"
    }

    init?(_ text: String) {
        let fields = text.split(separator: " ")
        guard fields.count == 2, fields[0].hasPrefix("rotate-every="),
            fields[1].hasPrefix("keep=")
        else { return nil }
        let (every, kept) = (fields[0].dropFirst(13), fields[1].dropFirst(5))
        rotateEvery = every == "-" ? nil : try? Lifetime(every)
        keep = Int(kept).flatMap { (1...RotationPolicy.largestKept).contains($0) ? $0 : nil }
        guard self.text == text else { return nil }
    }
}
