import Foundation
import TestSupport

/// A private folder with tokens of SoftHSM, for processes that the test starts.
struct TokenFolder {
    static let pin = "1234"
    private let folder: TemporaryFolder

    /// SoftHSM's module, where distributions put it.
    static let module =
        [
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
        ].first { FileManager.default.fileExists(atPath: $0) } ?? "/usr/lib/softhsm/libsofthsm2.so"

    /// Makes a token for each label; `settings` are further lines of the configuration.
    init(tokens: [String], settings: String = "") async throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("tokens"),
            withIntermediateDirectories: false
        )
        try configure(tokens: folder.file("tokens"), settings)
        for label in tokens {
            let result = try await Command.run(
                "softhsm2-util",
                [
                    "--init-token", "--free", "--label", label, "--pin", TokenFolder.pin,
                    "--so-pin", "12345678",
                ],
                folder: folder.path,
                environment: environment
            )
            guard result.status == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    var path: String { folder.path }

    /// The environment in which a module finds the tokens.
    var environment: [String: String] {
        [
            "SOFTHSM2_CONF": folder.file("softhsm2.conf"),
            "PKCS11_MODULE_PATH": TokenFolder.module,
        ]
    }

    /// Takes all tokens away, as if they were unplugged.
    func unplug() throws {
        try FileManager.default.moveItem(
            atPath: folder.file("tokens"),
            toPath: folder.file("elsewhere")
        )
        try FileManager.default.createDirectory(
            atPath: folder.file("tokens"),
            withIntermediateDirectories: false
        )
    }

    private func configure(tokens: String, _ settings: String) throws {
        try folder.write(
            "softhsm2.conf",
            "directories.tokendir = \(tokens)\nlog.level = ERROR\n\(settings)\n"
        )
    }
}
