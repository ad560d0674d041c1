import AttackSupport
import TestSupport
import Testing

/// Attacks of a lying server, of strangers and of members on the real programs.
@Suite(.serialized)
struct AttackTests {
    private func judge(_ title: String, _ attacks: [Attack]) async {
        let table = await AttackTable(attacks)
        print("\n\(title)\n\n\(table.text)\n")
        for row in table.rows {
            guard let finding = row.finding else {
                Issue.record("\(row.attack.name): \(row.failure ?? "")")
                continue
            }
            guard row.attack.outcome == .withstood else { continue }
            #expect(finding.isRight, "\(row.attack.name): \(finding.did)")
        }
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies about who is a member`() async {
        await judge("Lies about who is a member", Attack.memberLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies against what the user said by hand`() async {
        await judge("Lies against what the user said by hand", Attack.pinLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies about what is printed`() async {
        await judge("Lies about what is printed", Attack.toldLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `alarms that are to be forgotten, and work that is not done`() async {
        await judge("Alarms, and work that is not done", Attack.alarmLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies about the registry`() async {
        await judge("Lies about the registry", Attack.registryLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies about the room's log`() async {
        await judge("Lies about the room's log", Attack.logLies)
    }

    @Test(.timeLimit(.minutes(30 * Child.slowness)))
    func `floods that a client has to bear`() async {
        await judge("Floods that a client has to bear", Attack.floodLies)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `lies for a later wire`() async {
        await judge("Lies for a later wire", Attack.wireLies)
    }

    @Test(.timeLimit(.minutes(30 * Child.slowness)))
    func `what a stranger does to a server`() async {
        await judge("Strangers at a server", Attack.strangerAttacks)
    }

    @Test(.timeLimit(.minutes(30 * Child.slowness)))
    func `what a member does to a server`() async {
        await judge("Members at a server", Attack.memberAttacks)
    }
}
