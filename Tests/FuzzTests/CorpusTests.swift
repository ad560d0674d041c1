import Foundation
import FuzzTargets
import Testing

/// Runs every input of the corpus through its decoder again: seeds, inputs that reached new code,
/// and inputs that once stopped a decoder.
struct CorpusTests {
    /// The folder with one folder of inputs for each target.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fuzz/corpus")
    /// The largest size of the corpus, in bytes, because it is kept in git.
    private static let largestByteCount = 2 << 20

    private static func files(of target: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appendingPathComponent(target),
            includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzTargets.all.map(\.name))
    func `replays the corpus of a target`(_ name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let files = try CorpusTests.files(of: name)
        var decodedCount = 0
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            switch target.run(bytes) {
            case .refused: #expect(!file.lastPathComponent.hasPrefix("seed-"), "\(file.path)")
            case .decoded: decodedCount += 1
            case .faulty(let why): Issue.record("\(file.path): \(why)")
            }
        }
        #expect(files.count > 0)
        #expect(decodedCount * 100 >= files.count * target.leastDecodedPercent)
    }

    @Test func `has a folder for each target, and no other`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: CorpusTests.root.path)
        #expect(folders.sorted() == FuzzTargets.all.map(\.name).sorted())
        #expect(Set(folders).count == FuzzTargets.all.count)
    }

    @Test func `makes seeds that decode in every target`() throws {
        let world = try FuzzWorld()
        for target in FuzzTargets.all {
            let seeds = try target.seeds(world)
            #expect(!seeds.isEmpty)
            for (index, seed) in seeds.enumerated() {
                guard case .decoded = target.run(seed) else {
                    Issue.record("\(target.name): seed \(index + 1) does not decode")
                    continue
                }
                #expect(seed.count <= target.largestByteCount, "\(target.name) \(index + 1)")
            }
        }
    }

    @Test func `is small enough for git`() throws {
        var byteCount = 0
        for target in FuzzTargets.all {
            for file in try CorpusTests.files(of: target.name) {
                byteCount += try Data(contentsOf: file).count
            }
        }
        #expect(byteCount <= CorpusTests.largestByteCount)
    }
}
