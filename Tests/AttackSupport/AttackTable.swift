internal import Foundation

/// Runs attacks and writes what came of them as a table.
package struct AttackTable: Sendable {
    /// One attack that was made.
    package struct Row: Sendable {
        package let attack: Attack
        /// What the victim did; `nil` where the attack could not be made.
        package let finding: Attack.Finding?
        /// Why it could not be made.
        package let failure: String?
    }

    /// As many at once as there are processors on a small machine.
    private static let width = 2

    /// The rows, in the order of the attacks.
    package private(set) var rows: [Row]

    /// Runs attacks, a few at once; a variable `ATTACK` picks those with that word in their name,
    /// and `ATTACK_SIZE=full` makes each as large as it was when it was found.
    package init(_ attacks: [Attack]) async {
        let size = Attack.Size.chosen
        let word = ProcessInfo.processInfo.environment["ATTACK"] ?? ""
        let chosen = attacks.filter { word.isEmpty || $0.name.contains(word) }
        rows = await withTaskGroup(of: (Int, Row).self) { tasks in
            var done: [Int: Row] = [:]
            for (index, attack) in chosen.enumerated() {
                if index >= AttackTable.width, let (place, row) = await tasks.next() {
                    done[place] = row
                }
                tasks.addTask { (index, await AttackTable.row(attack, size)) }
            }
            for await (place, row) in tasks { done[place] = row }
            return chosen.indices.compactMap { done[$0] }
        }
    }

    private static func row(_ attack: Attack, _ size: Attack.Size) async -> Row {
        do {
            return Row(attack: attack, finding: try await attack.run(size), failure: nil)
        } catch {
            return Row(attack: attack, finding: nil, failure: "\(error)")
        }
    }

    /// The table as Markdown.
    package var text: String {
        var lines = [
            "| attack | what came of it | right | CPU ms | peak MiB |",
            "|---|---|---|---|---|",
        ]
        for row in rows {
            guard let finding = row.finding else {
                lines.append("| \(row.attack.name) | \(row.failure ?? "") | | | |")
                continue
            }
            let right =
                switch row.attack.outcome {
                case .withstood: finding.isRight ? "yes" : "NO"
                case .newWire: "a new wire is needed"
                }
            lines.append(
                "| \(row.attack.name) | \(finding.did) | \(right) | \(finding.milliseconds) | "
                    + "\(finding.peakKiB >> 10) |"
            )
        }
        return lines.joined(separator: "\n")
    }
}
