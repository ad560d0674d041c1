import Foundation
import PKCS11Tokens
import Synchronization
import TestSupport

/// Tokens of SoftHSM in a folder of the test run.
///
/// The module reads its configuration from the environment of the process, so there is one folder.
struct SoftHSM {
    static let pin = "1234"
    private static let folder: TemporaryFolder? = try? make()
    private static let number = Mutex(0)

    let label: String

    private static func make() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("tokens"),
            withIntermediateDirectories: false
        )
        let configuration = try folder.write(
            "softhsm2.conf",
            "directories.tokendir = \(folder.file("tokens"))\nlog.level = ERROR\n"
        )
        _ = unsafe setenv("SOFTHSM2_CONF", configuration, 1)
        return folder
    }

    /// Makes a new token.
    init() async throws {
        label = SoftHSM.number.withLock { number in
            number += 1
            return "test \(number)"
        }
        guard let folder = SoftHSM.folder else { throw CocoaError(.fileWriteUnknown) }
        let result = try await Command.run(
            "softhsm2-util",
            [
                "--init-token", "--free", "--label", label, "--pin", SoftHSM.pin, "--so-pin",
                "12345678",
            ],
            folder: folder.path,
            environment: ["SOFTHSM2_CONF": folder.file("softhsm2.conf")]
        )
        guard result.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// SoftHSM's module, where distributions put it.
    static let module =
        [
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
        ].first { FileManager.default.fileExists(atPath: $0) } ?? "/usr/lib/softhsm/libsofthsm2.so"

    /// The URI of the token, as a user writes it.
    var uri: String {
        "token=\(label.replacingOccurrences(of: " ", with: "%20"))?module-path=\(SoftHSM.module)"
    }
}
