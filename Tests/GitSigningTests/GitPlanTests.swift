import GitSigning
import KeyFormats
import Testing

/// What a setup changes, and what its undoing restores.
struct GitPlanTests {
    private func setup(program: String? = nil, signsAlways: Bool = true) throws -> GitSetup {
        GitSetup(
            home: "/home",
            folder: "/keys",
            user: try KeyName("alice"),
            program: program,
            signsAlways: signsAlways
        )
    }

    /// The variables after the changes of a plan.
    private func result(of plan: GitPlan, on values: [String: String]) -> [String: String] {
        var values = values
        for change in plan.changes {
            switch change {
            case .set(let setting): values[setting.name] = setting.value
            case .unset(let name): values[name] = nil
            }
        }
        return values
    }

    @Test func `undoing a setup restores every value that it replaced`() throws {
        let old = ["gpg.format": "openpgp", "user.signingkey": "ABCD", "commit.gpgsign": "true"]
        let plan = GitPlan(setup: try setup(program: "/p"), present: old, notes: GitNotes())
        let after = result(of: plan, on: old)
        #expect(after["gpg.ssh.program"] == "/p")
        #expect(after["user.signingkey"] == "/keys/ssh/alice.pub")
        #expect(after["gpg.ssh.revocationFile"] == "/keys/revoked_keys")
        // A value that was right before is the user's own.
        #expect(plan.notes.written["commit.gpgsign"] == nil)
        let undone = GitPlan(undoing: plan.notes, present: after)
        #expect(result(of: undone, on: after) == old)
        #expect(undone.notes == GitNotes())
    }

    @Test func `a second setup changes only what differs, and keeps the first notes`() throws {
        let old = ["gpg.format": "x509"]
        let first = GitPlan(setup: try setup(program: "/p"), present: old, notes: GitNotes())
        let after = result(of: first, on: old)
        #expect(
            GitPlan(setup: try setup(program: "/p"), present: after, notes: first.notes).changes
                .isEmpty
        )
        let second = GitPlan(
            setup: try setup(signsAlways: false),
            present: after,
            notes: first.notes
        )
        let changed = result(of: second, on: after)
        #expect(changed["gpg.ssh.program"] == nil)
        #expect(changed["commit.gpgsign"] == nil)
        let undone = GitPlan(undoing: second.notes, present: changed)
        #expect(result(of: undone, on: changed) == old)
    }

    @Test func `undoing restores what the user set between two setups`() throws {
        let first = GitPlan(setup: try setup(), present: [:], notes: GitNotes())
        var values = result(of: first, on: [:])
        values["user.signingkey"] = "/mine.pub"
        let second = GitPlan(setup: try setup(), present: values, notes: first.notes)
        let after = result(of: second, on: values)
        #expect(after["user.signingkey"] == "/keys/ssh/alice.pub")
        let undone = GitPlan(undoing: second.notes, present: after)
        #expect(result(of: undone, on: after) == ["user.signingkey": "/mine.pub"])
    }

    @Test func `what the user changed since is left alone`() throws {
        let plan = GitPlan(setup: try setup(), present: [:], notes: GitNotes())
        var values = result(of: plan, on: [:])
        values["user.signingkey"] = "/mine.pub"
        let undone = GitPlan(undoing: plan.notes, present: values)
        #expect(undone.leftAlone == ["user.signingkey"])
        #expect(result(of: undone, on: values) == ["user.signingkey": "/mine.pub"])
    }

    @Test func `notes survive being written and read`() throws {
        let old = ["gpg.format": "open pgp", "gpg.ssh.program": ""]
        let notes = GitPlan(setup: try setup(program: "/a b"), present: old, notes: GitNotes())
            .notes
        #expect(GitNotes(notes.value ?? "") == notes)
        #expect(GitNotes("wrote core.editor rm\nwrote gpg.format\nx gpg.format y") == GitNotes())
        #expect(GitNotes().value == nil)
    }

    @Test(arguments: [
        (["-Y", "sign", "-n", "git", "-f", "/k.pub", "/tmp/b"], true),
        (["-Y", "sign", "-n", "git", "-f", "/k.pub", "-U", "/tmp/b"], true),
        (["-Y", "verify", "-n", "git", "-f", "/k.pub", "-I", "a", "-s", "s"], false),
        (["-Y", "find-principals", "-f", "as", "-s", "s", "-Overify-time=1"], false),
        (["-Y", "sign", "-n", "git", "-f", "/k.pub"], false),
        (["-Y", "sign", "-n", "git", "-f", "/k.pub", "a", "b"], false),
        (["-Y", "sign", "-n", "git", "-f"], false),
        (["-Y", "sign", "-Y", "sign", "-n", "git", "-f", "k", "b"], false), ([], false),
    ])
    func `only a request to sign one file is ours`(_ arguments: [String], isOurs: Bool) {
        #expect((SSHSignArguments(arguments) != nil) == isOurs)
    }
}
