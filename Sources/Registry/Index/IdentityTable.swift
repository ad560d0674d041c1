internal import CryptoCore
internal import KeyFormats

/// All identities of a registry by position, and the digests by which they are found.
///
/// The identities of the index are read in place; those that changed since lie above them.
struct IdentityTable: Sendable {
    /// The kinds of digests by which an identity is found.
    enum Lookup: Int, CaseIterable {
        case name
        case id
        /// The fingerprint of one of the identity's versions.
        case key
        /// The name with its look-alike characters unified.
        case skeleton
        /// The fingerprint of a former version, from before the key was replaced by hand.
        case former
    }

    private static let nowhere = -1

    let base: RegistryIndex?
    private var changed: [Int: RegisteredIdentity] = [:]
    private var added: [RegisteredIdentity] = []
    private var positions = [[SHA256Digest: Int]](repeating: [:], count: Lookup.allCases.count)

    init(base: RegistryIndex? = nil) { self.base = base }

    private var baseCount: Int { base?.identityCount ?? 0 }

    /// The number of identities, removed ones included.
    var count: Int { baseCount + added.count }

    subscript(position: Int) -> RegisteredIdentity {
        get {
            guard position < baseCount, let base else { return added[position - baseCount] }
            return changed[position] ?? base.identity(position)
        }
        set {
            if position < baseCount {
                changed[position] = newValue
            } else {
                added[position - baseCount] = newValue
            }
        }
    }

    mutating func append(_ identity: RegisteredIdentity) { added.append(identity) }

    func position(_ lookup: Lookup, _ digest: SHA256Digest) -> Int? {
        let position = positions[lookup.rawValue][digest] ?? base?.position(lookup, digest)
        return position == IdentityTable.nowhere ? nil : position
    }

    mutating func set(_ lookup: Lookup, _ digest: SHA256Digest, _ position: Int?) {
        positions[lookup.rawValue][digest] = position ?? IdentityTable.nowhere
    }

    /// Returns every digest with its position, sorted by digest.
    func entries(_ lookup: Lookup) -> [(digest: SHA256Digest, position: Int)] {
        let fresh = positions[lookup.rawValue]
        let kept = (base?.entries(lookup) ?? []).filter { fresh[$0.digest] == nil }
        let all = kept + fresh.filter { $0.value != IdentityTable.nowhere }.map { ($0, $1) }
        return all.sorted { $0.digest < $1.digest }
    }
}

extension KeyName {
    /// The digest by which a name is found.
    var lookupDigest: SHA256Digest { SHA256Digest(hashing: Array(description.utf8)) }

    /// The digest of the name as a person reads it: 0 as o, 1 as l, rn as m, vv as w, and every
    /// separator as a hyphen.
    var skeletonDigest: SHA256Digest {
        var text: [UInt8] = []
        for character in description.utf8 {
            switch character {
            case UInt8(ascii: "0"): text.append(UInt8(ascii: "o"))
            case UInt8(ascii: "1"): text.append(UInt8(ascii: "l"))
            case UInt8(ascii: "."), UInt8(ascii: "_"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "n") where text.last == UInt8(ascii: "r"):
                text[text.count - 1] = UInt8(ascii: "m")
            case UInt8(ascii: "v") where text.last == UInt8(ascii: "v"):
                text[text.count - 1] = UInt8(ascii: "w")
            default: text.append(character)
            }
        }
        return SHA256Digest(hashing: text)
    }
}
