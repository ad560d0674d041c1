internal import ArgumentParser
internal import CryptoCore
internal import Registry

/// A checkpoint, as `--json` prints it.
struct CheckpointDocument: Encodable {
    let owner: String
    let lines: Int
    let root: String

    init(_ checkpoint: Checkpoint) {
        owner = checkpoint.owner.description
        lines = checkpoint.count
        root = Base64.encode(checkpoint.root.bytes)
    }
}
