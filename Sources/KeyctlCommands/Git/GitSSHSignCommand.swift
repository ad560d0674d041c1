internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import GitSigning
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Signatures

/// `keyctl git ssh-sign`: what git runs as `keyctl-ssh-sign`, in the place of ssh-keygen.
struct GitSSHSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh-sign",
        abstract: "Sign in the manner of ssh-keygen -Y, for git (gpg.ssh.program).",
        discussion: """
            Takes the arguments of ssh-keygen -Y. It signs if the key is one of yours; everything \
            else goes to ssh-keygen.
            """,
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        guard let request = SSHSignArguments(arguments) else { throw SSHKeygen.replace(arguments) }
        let home = try GitConfiguration.effectiveValue(GitSetup.homeName)
        let global = try GlobalOptions.parse(home.map { ["--home", $0] } ?? [])
        let keystore = try global.keystore()
        // The file may be a private key of another kind, which is ssh-keygen's.
        let file = try? DurableFile.readSecret(request.keyPath, limit: KeyFormats.largestByteCount)
        guard
            let file, let key = (try? KeyFormats.decode(file.bytes))?.entries.first?.publicKey,
            let record = try keystore.records().first(where: { record in
                record.identity.versions.contains { $0.fingerprint == key.fingerprint }
            })
        else { throw SSHKeygen.replace(arguments) }
        let version = try record.signingVersion(at: .now)
        guard version.fingerprint == key.fingerprint else {
            throw CommandError.failed(
                "\(request.keyPath) is an old key of \(record.name)",
                hint: "update the key files: keyctl sync"
            )
        }
        let signer = try global.unlock(record, in: keystore).signingKey(at: .now)
        let digest = try SignatureFormats.ssh.contentHash.digest(of: InputFile(request.path))
        let signature = try SignatureFormats.ssh.sign(
            digest,
            namespace: request.namespace,
            key: signer
        )
        try DurableFile.replace("\(request.path).sig", with: signature.encoded.borrowedBytes)
    }
}
