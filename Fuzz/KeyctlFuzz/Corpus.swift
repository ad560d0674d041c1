import Foundation
import FuzzTargets

/// The folder with one folder of inputs for each target.
enum Corpus {
    /// Returns the inputs of a folder, in the order of their names.
    static func inputs(in folder: String) -> [[UInt8]] {
        paths(in: folder).compactMap { path in
            (try? Data(contentsOf: URL(fileURLWithPath: path))).map { Array($0) }
        }
    }

    private static func paths(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }

    /// Prints each target and its largest input.
    static func list() {
        for target in FuzzTargets.all { print(target.name, target.largestByteCount) }
    }

    /// Writes the seeds again; existing ones are replaced.
    static func makeSeeds(in root: String) {
        do {
            let world = try FuzzWorld()
            for target in FuzzTargets.all {
                let folder = "\(root)/\(target.name)"
                try FileManager.default.createDirectory(
                    atPath: folder,
                    withIntermediateDirectories: true
                )
                for (index, seed) in try target.seeds(world).enumerated() {
                    let name = "\(folder)/seed-\(index + 1)"
                    try Data(seed).write(to: URL(fileURLWithPath: name))
                }
            }
        } catch { complain("the seeds cannot be written: \(error)") }
    }

    /// Prints the number of different inputs of a target, and the share that decodes.
    static func printShare(of folders: [String], _ name: String) {
        guard let target = FuzzTargets.named(name) else { complain("there is no target \(name)") }
        let inputs = Set(folders.flatMap(inputs))
        let decoded = inputs.count {
            if case .decoded = target.run($0) { true } else { false }
        }
        print("\(decoded) of \(inputs.count) decode (\(100 * decoded / max(1, inputs.count)) %)")
    }

    /// Prints the paths of the inputs in a folder that decode.
    static func printDecoding(in folder: String, _ name: String) {
        guard let target = FuzzTargets.named(name) else { complain("there is no target \(name)") }
        for path in paths(in: folder) {
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)),
                case .decoded = target.run(Array(bytes))
            else { continue }
            print(path)
        }
    }
}
