internal import Foundation

/// Runs attacks and writes their results as a table.
package struct AttackTable: Sendable {
    /// The row of one attack.
    package struct Row: Sendable {
        package let attack: Attack
        /// The victim's behaviour; `nil` if the attack could not be made.
        package let finding: Attack.Finding?
        /// Why the attack could not be made.
        package let failure: String?
    }

    /// The number of attacks that run at the same time: the processors of a small machine.
    private static let width = 2

    /// The rows, in the order of the attacks.
    package private(set) var rows: [Row]

    /// Runs attacks, two at a time.
    ///
    /// The variable `ATTACK` selects attacks with this text in their name. `ATTACK_SIZE=full` makes
    /// each attack in the size at which it was found.
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
