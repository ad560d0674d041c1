import Foundation
import TestSupport

/// The module of `FakeModule/fake.c`, built to lie in some ways.
struct FakeModule {
    let path: String
    private let folder: TemporaryFolder

    private static let source =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/FakeModule/fake.c"

    init(_ macros: [String] = []) async throws {
        folder = try TemporaryFolder()
        path = folder.file("fake.so")
        let flags = ["-shared", "-fPIC", "-I/usr/include/p11-kit-1", "-Wall", "-Werror"]
        let log = #"-DLOG="\#(folder.file("log"))""#
        let result = try await Command.run(
            "clang",
            flags + [log] + macros.map { "-D\($0)" } + [FakeModule.source, "-o", path],
            folder: folder.path,
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        )
        guard result.status == 0 else { throw CocoaError(.fileWriteUnknown) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// What the module wrote: a line for each login and each deleted object.
    var log: [String] {
        let bytes = (try? folder.read("log")) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The URI of its token.
    var uri: String { "token=fake?module-path=\(path)" }
}
