internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// The report about a key that was just made, imported or rotated.
struct NewKeyReport: CommandResult {
    let version = 1
    let name: String
    let keyVersion: Int
    let bits: Int
    let fingerprint: String
    let expires: String?
    let publicKey: String
    var statement: String?
    let revocation: String
    private let verb: String

    enum CodingKeys: String, CodingKey {
        case version, name, keyVersion, bits, fingerprint, expires, publicKey, statement, revocation
    }

    /// Creates the report, and writes the public key file.
    init(
        _ record: IdentityRecord,
        in keystore: Keystore,
        verb: String,
        to file: HandedOutFile
    ) throws {
        let latest = record.identity.latest
        let key = try latest.storedKey()
        name = record.name.description
        keyVersion = latest.number
        bits = key.rsa.bitCount
        fingerprint = key.fingerprint.description
        expires = latest.expires?.description
        try file.write(key)
        publicKey = file.path
        revocation = keystore.preparedRevocationPath(record, version: latest.number)
        self.verb = verb
    }

    func printText() {
        Report.result("\(verb) \(name), version \(keyVersion), RSA \(bits) bits")
        Report.result("  fingerprint  \(fingerprint)")
        if let expires { Report.result("  expires      \(expires)") }
        Report.result("  public key   \(publicKey)")
        if let statement { Report.result("  statement    \(statement)") }
        Report.result("  revocation   \(revocation)  (keep a copy elsewhere)")
    }
}
