import Foundation
import TestSupport
import Testing

/// `kill -9` at a random system call of every command that writes.
///
/// Everything acknowledged is there, nothing is half-written, and the next command works without
/// repair.
struct KillTests {
    /// `KEYCTL_KILLS` asks for more kills.
    private static let killCount =
        ProcessInfo.processInfo.environment["KEYCTL_KILLS"].flatMap(Int.init) ?? 200
    private static let workerCount = 2
    /// After this number of kills a new home begins, so that the home stays small.
    private static let killsPerHome = 25
    /// The system calls that change the disk, and how many of each a command makes.
    private static let calls = [
        ("write", 6), ("fsync", 10), ("rename", 4), ("linkat", 2), ("link", 2), ("unlink", 3),
        ("mkdir", 4), ("openat", 40), ("ftruncate", 3), ("fchmod", 3), ("flock", 3),
    ]

    /// The acknowledged state.
    private struct Model {
        var names: Set<String> = ["alice", "carl", "owner", "p0", "p1", "p2", "p3"]
        var retired: Set<String> = []
        var version = 1
        var isPending = false
        var members: Set<String> = []
        var destroyed = 0
        var made = 0
    }

    /// A command, and its effect on the acknowledged state.
    private struct Step {
        let line: String
        let acknowledge: (inout Model) -> Void
    }

    private func step(_ number: Int, _ model: Model, _ random: inout SeededRandom) -> Step {
        let name = "u\(model.made)"
        let person = "p\(Int.random(in: 0..<4, using: &random))"
        let isKnown = model.names.contains(person)
        switch number % 24 {
        case 0:
            return Step(line: "gen --user \(name) --bits 2048 --no-passphrase") {
                $0.names.insert(name)
                $0.made += 1
            }
        case 1:
            return isKnown
                ? Step(line: "remove \(person)") {
                    $0.names.remove(person)
                    $0.members.remove(person)
                }
                : Step(line: "import keys/\(person)/\(person).pub") { $0.names.insert(person) }
        case 2 where !model.isPending:
            return Step(line: "rotate --user alice") { $0.version += 1 }
        case 3 where !model.isPending:
            return Step(line: "gen --pending --user alice --bits 2048") { $0.isPending = true }
        case 2, 3, 4:
            return model.isPending
                ? Step(line: "promote --user alice") {
                    $0.version += 1
                    $0.isPending = false
                }
                : Step(line: "renew --user alice --expires 1y") { _ in }
        case 5: return Step(line: "policy alice --keep \(number % 9 + 50)") { _ in }
        case 6 where model.version > model.destroyed + 1:
            let version = model.destroyed + 1
            return Step(
                line: number % 2 == 0
                    ? "destroy \(version) --user alice" : "destroy \(version) --user alice --now"
            ) { $0.destroyed = version }
        case 6, 7: return Step(line: "passwd alice --no-passphrase") { _ in }
        case 8 where isKnown:
            return Step(line: "group add team \(person)") { $0.members.insert(person) }
        case 8, 9: return Step(line: "role alice \(number % 2 == 0 ? "admin" : "member")") { _ in }
        case 10: return Step(line: "verify-contact owner --user alice --same") { _ in }
        case 11: return Step(line: "registry checkpoint --user alice -o cp --force") { _ in }
        case 12: return Step(line: "registry export -o export --force") { _ in }
        case 13: return Step(line: "sync out") { _ in }
        case 14: return Step(line: "backup b.age --force") { _ in }
        case 15:
            return Step(
                line: "restore full.age --home r\(number) --share sheets/share-1.txt "
                    + "--share sheets/share-2.txt"
            ) { _ in }
        case 16: return Step(line: "sign --user alice --log -o f.sig --force f") { _ in }
        case 17: return Step(line: "encrypt -r alice -o f.age --force f") { _ in }
        case 18: return Step(line: "registry import others") { _ in }
        case 19:
            return model.names.contains("mike")
                ? Step(line: "remove mike") { $0.names.remove("mike") }
                : Step(line: "registry merge others") { $0.names.insert("mike") }
        case 20:
            return Step(line: "gen --replace --user carl --bits 2048 --no-passphrase") { _ in }
        case 21 where !model.members.isEmpty:
            let member = model.members.sorted()[0]
            return Step(line: "group remove team \(member)") { $0.members.remove(member) }
        case 22:
            let own = model.names.subtracting(model.retired).filter { $0.hasPrefix("u") }.sorted()
            guard let one = own.first else { fallthrough }
            return Step(line: "retire \(one)") { $0.retired.insert(one) }
        default: return Step(line: "revoke alice --prepare --out prepared.txt --force") { _ in }
        }
    }

    @Test(.timeLimit(.minutes(15 * Child.slowness)))
    func `a killed command loses nothing that was acknowledged`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var kills: [String: Int] = [:]
        try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for worker in 0..<KillTests.workerCount {
                group.addTask {
                    try await work(
                        SeededRandom(state: seed &+ UInt64(worker)),
                        count: KillTests.killCount / KillTests.workerCount,
                        context: "seed \(seed), worker \(worker)"
                    )
                }
            }
            for try await counts in group { kills.merge(counts, uniquingKeysWith: +) }
        }
        print("kills: \(kills.values.reduce(0, +))")
        for (command, count) in kills.sorted(by: { $0.key < $1.key }) {
            print("  \(command): \(count)")
        }
        #expect(kills.values.reduce(0, +) == KillTests.killCount)
    }

    private func prepare(_ folder: TemporaryFolder) async throws {
        try folder.write("f", "a file\n")
        let people = (0..<4).map { index in
            "keyctl gen --home keys/p\(index) --user p\(index) --bits 2048 --no-passphrase "
                + "&& keyctl import keys/p\(index)/p\(index).pub"
        }
        let lines =
            ["alice", "carl"].map { "keyctl gen --user \($0) --bits 2048 --no-passphrase" }
            + people + [
                "keyctl gen --home other --user owner --bits 2048 --no-passphrase",
                "keyctl gen --home other --user mike --bits 2048 --no-passphrase",
                "keyctl registry checkpoint --home other --user owner",
                "keyctl import other/owner.pub",
                "keyctl registry export --home other -o others",
                "keyctl backup full.age --shares 2/2 --sheets sheets",
                "keyctl registry checkpoint --user alice && cp -a home template",
            ]
        for line in lines {
            let result = try await Command.shell(line, folder: folder.path)
            try #require(result.status == 0, "\(line)\n\(result.output)\n\(result.errors)")
        }
    }

    private func work(
        _ seeded: SeededRandom,
        count: Int,
        context place: String
    ) async throws -> [String: Int] {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        try await prepare(folder)
        var random = seeded
        var model = Model()
        var (kills, number) = (0, 0)
        var killsByCommand: [String: Int] = [:]
        while kills < count {
            let step = step(number, model, &random)
            number += 1
            let (call, most) = KillTests.calls[
                Int.random(in: 0..<KillTests.calls.count, using: &random)
            ]
            let nth = Int.random(in: 1...most, using: &random)
            let line =
                "strace -f -qq -o /dev/null -e trace=\(call) "
                + "-e inject=\(call):signal=KILL:when=\(nth) keyctl \(step.line)"
            let context = "\(place), step \(number): \(line)"
            let result = try await shell(line)
            guard result.status == 128 + SIGKILL else {
                try #require(result.status == 0, "\(context)\n\(result.output)\n\(result.errors)")
                step.acknowledge(&model)
                continue
            }
            kills += 1
            killsByCommand[String(step.line.prefix { $0 != " " }), default: 0] += 1
            let doctor = try await shell("keyctl doctor")
            try #require(doctor.status == 0, "\(context)\n\(doctor.output)\(doctor.errors)")
            // The same command again must succeed, or say that it was done.
            let again = try await shell("keyctl \(step.line)")
            let wasDone = [
                "exists already", "no key named", "no pending version", "is not in use yet",
                "never replaces", "no version", "grace period", "not destroyed", "is retired",
                "there is no group", "is not in the group",
            ].contains { again.errors.contains($0) }
            try #require(
                again.status == 0 || wasDone,
                "\(context)\n\(again.output)\(again.errors)"
            )
            // The killed command held the lock, so the next command removes its drafts at once.
            let drafts = try await shell(
                "find home/identities home/replaced -name '.keyctl-draft-*' -o -name .new"
            )
            #expect(drafts.output.isEmpty, "\(context)\n\(drafts.output)")
            step.acknowledge(&model)
            try await check(&model, shell, context)
            guard kills % KillTests.killsPerHome == 0 else { continue }
            let verified = try await shell("keyctl registry verify && keyctl audit verify")
            try #require(verified.status == 0, "\(context)\n\(verified.errors)")
            let fresh = try await shell("rm -rf home out r[0-9]* && cp -a template home")
            try #require(fresh.status == 0)
            model = Model()
        }
        return killsByCommand
    }

    /// Checks that everything acknowledged is there.
    ///
    /// What a killed command did besides counts from now on.
    private func check(
        _ model: inout Model,
        _ shell: (String) async throws -> Command,
        _ context: String
    ) async throws {
        let listed = try await shell("keyctl list --json")
        try #require(listed.status == 0, "\(context)\n\(listed.errors)")
        let document = try JSONDecoder().decode(List.self, from: Data(listed.output.utf8))
        let names = Set(document.keys.map(\.name))
        #expect(model.names.isSubset(of: names), "\(context): \(model.names.subtracting(names))")
        let alice = try #require(document.keys.first { $0.name == "alice" })
        let versions = alice.versions.filter { $0.state != "pending" }.count
        // If a command was killed after its commit and then run again, there is one version more.
        #expect((model.version...(model.version + 1)).contains(versions), "\(context)")
        model.version = versions
        model.isPending = alice.versions.contains { $0.state == "pending" }
        model.names = names
        model.made += names.contains("u\(model.made)") ? 1 : 0
        let groups = try await shell("keyctl group list --json")
        for member in model.members { #expect(groups.output.contains(member), "\(context)") }
        // The public key file shows the key in use, and its revocation is beside it.
        let handedOut = try await shell(
            """
            for name in alice carl; do keyctl export $name | cmp - home/$name.pub || exit 1; done
            ls home/alice+revocation-*-v\(model.version).txt
            """
        )
        #expect(handedOut.status == 0, "\(context)\n\(handedOut.output)\(handedOut.errors)")
        let audit = try await shell("keyctl audit verify")
        #expect(audit.status == 0, "\(context)\n\(audit.errors)")
    }

    private struct List: Decodable {
        struct Key: Decodable {
            struct Version: Decodable { let state: String }
            let name: String
            let versions: [Version]
        }
        let keys: [Key]
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failure can be repeated from its seed.
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
