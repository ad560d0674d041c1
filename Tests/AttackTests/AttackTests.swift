import AttackSupport
import Testing

/// Lies of a server and frames of strangers and members, against the real programs.
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
            switch (row.attack.outcome, NotYet.reasons[row.attack.name]) {
            case (.newWire, _): continue
            case (.withstood, nil):
                #expect(finding.isRight, "\(row.attack.name): \(finding.did)")
            case (.withstood, .some(let reason)):
                withKnownIssue("\(row.attack.name): \(reason)") {
                    #expect(finding.isRight, "\(row.attack.name): \(finding.did)")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `lies about who is a member`() async {
        await judge("Lies about who is a member", Attack.memberLies)
    }
}
