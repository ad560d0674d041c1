internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// A group, as `--json` prints it.
struct GroupDocument: Encodable {
    let version = 1
    let name: String
    let members: [String]
}
