import Foundation
import Testing

/// The published vectors beside a checkout, or in the folder `TEST_VECTORS`.
enum VectorFolder {
    /// The path of the folder; `nil` in a user's own clone, which has none.
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = environment["TEST_VECTORS"] ?? root.path() + "../shared/vectors"
        if FileManager.default.fileExists(atPath: path) { return path }
        return nil
    }()

    /// Whether the tests run.
    ///
    /// They are skipped without the folder, except in CI, which must notice.
    static var isThereOrRequired: Bool {
        path != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// Returns the files of one kind, sorted.
    static func files(
        _ kind: String,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws
        -> [String]
    {
        let folder = try #require(path, "there is no folder of vectors") + "/" + kind
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { isWanted($0) && $0 != "LICENSE" && $0 != "LICENCE" }.sorted()
            .map { "\(folder)/\($0)" }
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: path)))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }
}

/// The results of a file's cases.
struct Tally {
    let name: String
    var ran = 0
    var acceptable: [String] = []
    var notOffered: [String: Int] = [:]

    /// The number of all cases of the file.
    var total: Int { ran + notOffered.values.reduce(0, +) }

    func report() {
        let skipped = notOffered.sorted { $0.key < $1.key }
            .map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
        print(
            "vectors: \(name): \(ran) ran of \(total)"
                + (skipped.isEmpty ? "" : "; not offered: \(skipped)")
                + (acceptable.isEmpty ? "" : "; acceptable: \(acceptable.joined(separator: ", "))")
        )
    }
}
