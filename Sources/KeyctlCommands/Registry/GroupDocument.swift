internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Registry

/// A group, as `--json` prints it.
struct GroupDocument: CommandResult {
    let version = 1
    let name: String
    let members: [String]

    init(_ group: KeyName, in registry: RegistryState) {
        name = group.description
        members = (registry.members(ofGroup: group) ?? []).map(\.description)
    }

    func printText() {
        Report.result("\(name): \(members.isEmpty ? "nobody" : members.joined(separator: ", "))")
    }
}
