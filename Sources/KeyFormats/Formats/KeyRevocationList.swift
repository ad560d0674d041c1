internal import CryptoCore

/// An OpenSSH key revocation list (PROTOCOL.krl), for sshd's `RevokedKeys` and `ssh-keygen -Qf`.
public enum KeyRevocationList {
    private static let magic: [UInt8] = Array("SSHKRL\n\0".utf8)
    private static let formatVersion = 1
    private static let explicitKeySection: UInt8 = 2

    /// Returns the bytes of a list.
    ///
    /// The same keys, number and time give the same bytes.
    ///
    /// `number` must grow with each list; `time` is when the list was made.
    public static func encode(_ keys: [PublicKey], number: Int, time: Timestamp) -> [UInt8] {
        // The keys are sorted, so that the list does not show the order of the revocations.
        let blobs = keys.map { SSHWire.blob(of: $0.rsa) }.sorted {
            $0.lexicographicallyPrecedes($1)
        }
        var list = magic + SSHWire.number(formatVersion)
        list += long(number) + long(Int(time.seconds)) + long(0)
        list += SSHWire.string([]) + SSHWire.string([])
        guard !blobs.isEmpty else { return list }
        list.append(explicitKeySection)
        return list + SSHWire.string(blobs.flatMap(SSHWire.string))
    }

    private static func long(_ value: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
    }
}
