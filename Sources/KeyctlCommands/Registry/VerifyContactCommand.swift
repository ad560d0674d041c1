internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl verify-contact`.
struct VerifyContactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-contact",
        abstract: "Compare keys with a person, and store that they are right.",
        discussion: """
            Both people run it. If each has the right key of the other, both see the same sixty \
            digits. Compare by voice or in person, never in a message. The result is stored for \
            the key. It survives rotations that the key signed, and ends with a replacement.

            Examples:
              keyctl verify-contact bob
              keyctl verify-contact bob --number "$(cat bobs-number)"
              keyctl verify-contact bob --undo
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var own: OwnIdentityOption
    @Argument(help: "Name of the person.", transform: KeyName.argument)
    var name: KeyName
    @Option(
        help: ArgumentHelp(
            "The number that the other person sees.",
            valueName: "digits"
        )
    )
    var number: String?
    @Flag(help: "You compared the numbers, and they are the same.")
    var same = false
    @Flag(help: "Remove the stored result.")
    var undo = false

    func validate() throws {
        guard [number != nil, same, undo].filter(\.self).count <= 1 else {
            throw ValidationError("--number, --same and --undo cannot be used together")
        }
        guard number.map({ $0.filter(\.isNumber).count == 60 }) ?? true else {
            throw ValidationError("--number must have sixty digits")
        }
    }

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let name: String
        let pairNumber: String?
        let verified: String?
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        if undo {
            try keystore.changeRegistry("unverify", name) { state in
                try state.known(name).verified == nil
                    ? [] : [Statement(.unverify(name: name), time: .now)]
            }
            return try report(keystore, nil, "not verified any longer")
        }
        let mine = try own.record(keystore).identity.latest.publicKey()
        let identity = try keystore.registry.state.known(name)
        if let frozen = keystore.registry.state.frozenError(identity) { throw frozen }
        guard let active = identity.active else {
            throw CommandError.usage("no version of \"\(name)\" is in use")
        }
        let theirs = try active.publicKey()
        let pair = try PairNumber(mine, theirs).description
        if !global.json { Report.block(VerifyContactCommand.lines(pair)) }
        guard try isSame(pair) else {
            return try report(keystore, pair, identity.verified == nil ? "not verified" : nil)
        }
        try keystore.changeRegistry("verify", name) { state in
            // The user compared `active`, so the registry must still have this key.
            guard try state.known(name).active?.keyDER == active.keyDER else {
                throw CommandError.usage("the key of \"\(name)\" changed just now: compare again")
            }
            return [Statement(.verify(name: name, key: theirs.fingerprint), time: .now)]
        }
        try report(keystore, pair, "verified")
    }

    /// Returns whether the user found the numbers to be the same; `false` if nobody can be asked.
    ///
    /// Throws `CommandError` if the numbers differ.
    private func isSame(_ pair: String) throws -> Bool {
        if same { return true }
        if let number {
            guard number.filter(\.isNumber) == pair.filter(\.isNumber) else {
                throw CommandError.numbersDiffer(name)
            }
            return true
        }
        guard let answer = TerminalPrompt.answer("Does \(name) see the same number? [y/N] ") else {
            return false
        }
        guard answer.lowercased() == "y" || answer.lowercased() == "yes" else {
            throw CommandError.numbersDiffer(name)
        }
        return true
    }

    static func lines(_ pair: String) -> String {
        let groups = pair.split(separator: " ")
        return stride(from: 0, to: groups.count, by: 4)
            .map { "  " + groups[$0..<min($0 + 4, groups.count)].joined(separator: " ") }
            .joined(separator: "\n")
    }

    private func report(_ keystore: Keystore, _ pair: String?, _ text: String?) throws {
        let verified = try keystore.registry.state.known(name).verified
        guard !global.json else {
            return try Report.json(
                Document(
                    name: name.description,
                    pairNumber: pair,
                    verified: verified?.description
                )
            )
        }
        Report.result("\(name): \(text ?? "verified at \(verified?.description ?? "?")")")
        if text == "not verified" {
            Report.note("compare, then: keyctl verify-contact \(name) --same")
        }
    }
}
