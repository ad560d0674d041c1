internal import ArgumentParser

/// A group, as `--json` prints it.
struct GroupDocument: Encodable {
    let version = 1
    let name: String
    let members: [String]
}
