internal import ArgumentParser
internal import CommandSupport
internal import DurableFiles
internal import GitSigning
internal import Glibc
internal import KeyFormats
internal import KeySync
internal import Keystore
internal import Registry

/// `keyctl git setup`.
struct GitSetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Set up git to sign with your key, and to know the registry's keys.",
        discussion: """
            Writes git's variables for SSH signatures, and a folder of files that keyctl keeps in \
            step with the registry from then on (as keyctl sync --keep). Checking needs only git \
            and ssh-keygen. A commit by a revoked key is bad, whatever its date says; a retired \
            key's old commits stay good. git does not compare the signer with the author: every \
            person of the registry, or of --group, is a valid signer of every commit.

            Signatures are made by keyctl-ssh-sign, which takes the key from the agent, a token, \
            or the keystore with its passphrase. With --stock, ssh-keygen makes them: then an SSH \
            agent must hold the key, for example keyctl agent.

            Examples:
              keyctl git setup
              keyctl git setup --global --user alice --stock
              keyctl git setup --undo          back to what was there before
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: "Whose key signs (default: your one identity).", transform: KeyName.argument)
    var user: KeyName?
    @Flag(
        name: .customLong("global"),
        help: "For all repositories of this user, not only this one."
    )
    var isGlobal = false
    @Option(
        help: ArgumentHelp(
            "The folder for the key files (default: ~/.config/keyctl/git).",
            valueName: "dir"
        )
    )
    var folder: String?
    @Option(
        help: "Only people of this group sign validly (default: everybody in the registry).",
        transform: KeyName.argument
    )
    var group: KeyName?
    @Flag(help: "Sign by ssh-keygen and an SSH agent, without keyctl-ssh-sign.")
    var stock = false
    @Flag(help: "Sign only what git is asked to sign (-S), not every commit and tag.")
    var onDemand = false
    @Flag(help: "Restore what was there before the first setup.")
    var undo = false
    @Flag(help: "Print the changes without making them.")
    var dryRun = false

    func validate() throws {
        guard !undo || (user == nil && folder == nil && group == nil && !stock && !onDemand)
        else {
            throw ValidationError("--undo takes only --global and --dry-run")
        }
    }

    private struct Document: CommandResult {
        let version = 1
        let scope: String
        let set: [String: String]
        let unset: [String]
        let leftAlone: [String]

        init(_ plan: GitPlan, isGlobal: Bool) {
            scope = isGlobal ? "global" : "repository"
            var set: [String: String] = [:]
            var unset: [String] = []
            for change in plan.changes {
                switch change {
                case .set(let setting): set[setting.name] = setting.value
                case .unset(let name): unset.append(name)
                }
            }
            self.set = set
            self.unset = unset
            leftAlone = plan.leftAlone
        }

        func printText() {
            for (name, value) in set.sorted(by: { $0.key < $1.key }) {
                Report.result("\(name) = \(value)")
            }
            for name in unset { Report.result("\(name) removed") }
            for name in leftAlone { Report.note("\(name) was changed since, and is left alone") }
            if set.isEmpty, unset.isEmpty { Report.note("git is set up so already") }
        }
    }

    func run() throws {
        let git = try GitConfiguration(isGlobal ? .user : .repository)
        let plan = try undo ? undoing(git) : setup(git)
        if !dryRun { try git.apply(plan) }
        try global.print(Document(plan, isGlobal: isGlobal))
        guard plan.isSetup, !dryRun else { return }
        for (name, value) in plan.notes.written.sorted(by: { $0.key < $1.key }) {
            guard let other = try GitConfiguration.effectiveValue(name), other != value else {
                continue
            }
            Report.warning("git uses another value of \(name) here: \(Printable.text(other))")
            Report.hint("see which file has it: git config --show-origin \(name)")
        }
    }

    private func undoing(_ git: GitConfiguration) throws -> GitPlan {
        GitPlan(undoing: try git.notes(), present: try git.values())
    }

    private func setup(_ git: GitConfiguration) throws -> GitPlan {
        let keystore = try global.existingKeystore()
        let record = try user.map(keystore.record) ?? keystore.defaultRecord()
        _ = try record.signingVersion(at: .now)
        guard !record.isServer else {
            throw CommandError.failed("\"\(record.name)\" is the identity of a server")
        }
        let name = try self.folder ?? GitSetupCommand.defaultFolder()
        if !dryRun { try DurableFile.makePublicFolder(name) }
        let folder = DurableFile.canonicalPath(name)
        let folders = KeptFolders(path: keystore.home.keptFoldersPath)
        // A folder that is kept already stays what it is, and gets the files that git needs.
        let known = try folders.all().first { $0.path == folder }
        let only = known.map { $0.only.isEmpty ? [] : Set($0.only + GitSetup.exporters).sorted() }
        guard
            let kept = KeptFolder(
                path: folder,
                group: group ?? known?.group,
                only: only ?? GitSetup.exporters
            )
        else { throw CommandError.usage("the path of a folder cannot contain a line end") }
        let program = stock ? nil : try GitSetupCommand.signingProgram()
        // The files first: git must never refer to a list of revoked keys that is not there.
        if !dryRun {
            let home = keystore.home
            try kept.update(home: home.path) {
                try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
            }
            try folders.add(kept)
            guard DurableFile.exists("\(folder)/ssh/\(record.name).pub") else {
                throw CommandError.failed(
                    "\"\(record.name)\" has no key in the registry that counts for signatures",
                    hint: "see its state: keyctl show \(record.name); with --group, it must be a "
                        + "member"
                )
            }
        }
        let setup = GitSetup(
            home: DurableFile.canonicalPath(keystore.home.path),
            folder: folder,
            user: record.name,
            program: program,
            signsAlways: !onDemand
        )
        return GitPlan(setup: setup, present: try git.values(), notes: try git.notes())
    }

    private static func defaultFolder() throws -> String {
        if let path = variable("XDG_CONFIG_HOME"), path.hasPrefix("/") {
            return "\(path)/keyctl/git"
        }
        guard let home = variable("HOME"), home.hasPrefix("/") else {
            throw CommandError.failed("$HOME is not set", hint: "name a folder: --folder DIR")
        }
        return "\(home)/.config/keyctl/git"
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// The program keyctl-ssh-sign: beside this program, else in `PATH`.
    private static func signingProgram() throws -> String {
        let name = "keyctl-ssh-sign"
        let own = DurableFile.programPath().map { "\(DurableFile.folder(of: $0))/\(name)" }
        if let path = own.flatMap(DurableFile.executable) ?? DurableFile.executable(name) {
            return path
        }
        throw CommandError.failed(
            "the program \(name) is not installed",
            hint: "install it beside keyctl, or let ssh-keygen sign: keyctl git setup --stock"
        )
    }
}
