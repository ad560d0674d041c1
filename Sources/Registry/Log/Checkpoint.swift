public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A registry's size and Merkle root, signed by its owner.
///
/// The bytes are a C2SP signed note whose text is a C2SP checkpoint; docs/registry-format.md shows
/// them.
public struct Checkpoint: Sendable, Equatable {
    static let context = SignedText.checkpoint
    // C2SP signed-note: 0xff announces a signature type of our own, followed by its name.
    private static let keyType = [0xff] + Array("keyctl-rsa-pss-sha384".utf8)
    /// The largest note that is read, in bytes: 8 KiB.
    public static let largestByteCount = 8 << 10
    /// The largest number of lines in a checkpoint.
    ///
    /// No log on one machine is that long, and sums of such numbers fit into an `Int`.
    public static let largestLineCount = 1 << 40

    /// The id of the owner's identity.
    public let owner: SHA256Digest
    /// The number of statements that the checkpoint covers.
    public let count: Int
    /// The Merkle root over these statements.
    public let root: SHA256Digest

    /// Describes the present state of a registry.
    public init(owner: SHA256Digest, tree: MerkleTree) {
        self.owner = owner
        count = tree.count
        root = tree.root
    }

    private var text: String { "keyctl/\(owner)\n\(count)\n\(Base64.encode(root.bytes))\n" }

    /// Returns the signed note; throws what the key throws.
    ///
    /// The signature is RSASSA-PSS with SHA-384 (RFC 8017 § 8.1).
    public func note(signedBy key: any SigningKey) throws -> [UInt8] {
        let signature = try key.sign(.statement(Array((Checkpoint.context + text).utf8)))
        let identifier = try Checkpoint.keyIdentifier(owner, key.publicKey)
        return Array("\(text)\n\u{2014} \(owner) \(Base64.encode(identifier + signature))\n".utf8)
    }

    /// Reads a note; throws `RegistryError` unless `key` signed it for `owner`.
    public init(note: [UInt8], owner: SHA256Digest, key: PublicKey) throws(RegistryError) {
        let damaged = RegistryError.checkpointMismatch("its signature does not verify")
        guard note.count <= Checkpoint.largestByteCount,
            let whole = String(validating: note, as: UTF8.self)
        else { throw damaged }
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 6, lines[0] == "keyctl/\(owner)", lines[3].isEmpty,
            let count = Checkpoint.lineCount(lines[1]),
            let bytes = Base64.decode(lines[2]), let root = SHA256Digest(bytes: bytes),
            let identifier = try? Checkpoint.keyIdentifier(owner, key.rsa)
        else { throw damaged }
        self.owner = owner
        self.count = count
        self.root = root
        let prefix = "\u{2014} \(owner) "
        for line in lines[4...] where line.hasPrefix(prefix) {
            guard let blob = Base64.decode(line.dropFirst(prefix.count)),
                blob.starts(with: identifier)
            else { continue }
            let message = Array((Checkpoint.context + text).utf8)
            guard key.rsa.isValidSignature(Array(blob.dropFirst(4)), over: message) else {
                throw damaged
            }
            return
        }
        throw damaged
    }

    /// Reads the size and root of a note, without checking its signature.
    ///
    /// Throws `RegistryError` if the note cannot be read.
    public static func claim(
        in note: [UInt8]
    ) throws(RegistryError) -> (count: Int, root: SHA256Digest) {
        let fields = String(decoding: note, as: UTF8.self).split(separator: "\n")
        guard fields.count >= 3, let count = Checkpoint.lineCount(fields[1]),
            let root = Base64.decode(fields[2]).flatMap({ SHA256Digest(bytes: $0) })
        else { throw RegistryError.checkpointMismatch("the checkpoint cannot be read") }
        return (count, root)
    }

    /// Reads a number of lines; returns `nil` if the text is not a number or is out of bounds.
    static func lineCount(_ text: Substring) -> Int? {
        Int(text).flatMap { (0...largestLineCount).contains($0) ? $0 : nil }
    }

    /// Returns whether bytes begin like a signed checkpoint.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "keyctl/".utf8) }

    /// Returns the id of the owner that a note names; throws `RegistryError` if it names none.
    public static func owner(in note: [UInt8]) throws(RegistryError) -> SHA256Digest {
        guard note.count <= largestByteCount,
            let first = String(decoding: note, as: UTF8.self).split(separator: "\n").first,
            first.hasPrefix("keyctl/"), let owner = SHA256Digest(hexadecimal: first.dropFirst(7))
        else { throw RegistryError.checkpointMismatch("the checkpoint cannot be read") }
        return owner
    }

    private static func keyIdentifier(
        _ owner: SHA256Digest,
        _ key: RSAPublicKey
    ) throws(CryptoError) -> [UInt8] {
        let der = try key.spkiDERRepresentation()
        let named = Array(owner.description.utf8) + [0x0a] + keyType + der
        return Array(SHA256Digest(hashing: named).bytes.prefix(4))
    }
}
