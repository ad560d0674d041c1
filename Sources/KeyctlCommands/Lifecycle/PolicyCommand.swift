internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// The command `keyctl policy`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Set how often an identity is rotated, and how many of its keys are kept.",
        discussion: """
            keyctl due lists what the policy asks for, and keyctl rotate --due does it. With \
            --keep, a rotation destroys older private keys; keyctl restore brings them back \
            within seven days.

            Examples:
              keyctl policy alice --rotate-every 90d --keep 3
              keyctl policy alice
              keyctl policy alice --none
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the identity.", transform: KeyName.argument)
    var name: KeyName
    @Option(
        help: ArgumentHelp("Longest use of a key: 90d, 12w, 18m, 1y.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var rotateEvery: Lifetime?
    @Option(help: ArgumentHelp("The number of newest private keys to keep.", valueName: "count"))
    var keep: Int?
    @Flag(help: "Remove the policy.")
    var none = false

    func validate() throws {
        guard keep.map({ (1...RotationPolicy.largestKept).contains($0) }) ?? true else {
            throw ValidationError("--keep must be from 1 to \(RotationPolicy.largestKept)")
        }
        guard !none || rotateEvery == nil && keep == nil else {
            throw ValidationError("--none cannot be used with other options")
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let name: String
        let rotateEvery: String?
        let keep: Int?
        let due: String?
        private let text: String

        enum CodingKeys: CodingKey { case version, name, rotateEvery, keep, due }

        init(_ record: IdentityRecord) {
            name = record.name.description
            rotateEvery = record.policy.rotateEvery?.description
            keep = record.policy.keep
            due = record.rotationDue?.description
            text = record.policy == .none ? "no policy" : record.policy.description
        }

        func printText() {
            Report.result("\(name): \(text)")
            if let due { Report.result("  next rotation  \(due)") }
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        var record = try keystore.record(name)
        if none || rotateEvery != nil || keep != nil {
            let policy = RotationPolicy(
                rotateEvery: none ? nil : rotateEvery ?? record.policy.rotateEvery,
                keep: none ? nil : keep ?? record.policy.keep
            )
            record = try keystore.setPolicy(policy, for: record)
        }
        try global.print(Document(record))
    }
}
