import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation

/// The common steps of lies: let a client log in, send it entries, and examine what it did.
extension LieStage {
    /// Appends entries and sends them to a client in one frame.
    func tell(_ connection: LyingConnection, _ entries: [(WireEntryKind, Data)]) {
        let first = log.head.seq + 1
        for (kind, body) in entries { log.add(kind, body) }
        if !entries.isEmpty { connection.send(log.stretch(from: first)) }
    }

    /// Lets bob log in, sends him entries, and ends his client.
    func tellBob(
        _ entries: (LieStage) throws -> [(WireEntryKind, Data)]
    ) async throws -> Victim.Account {
        let (bob, connection) = try await member("bob")
        try tell(connection, entries(self))
        await connection.settle(within: .seconds(5))
        return await bob.conclude(connection)
    }

    /// Lets a client log in with this registry and log, and ends it.
    ///
    /// Nothing is waited for.
    func visit(
        _ name: String,
        _ answer: (LyingConnection) async throws -> Void
    ) async throws -> Victim.Account {
        let victim = try client(name)
        let connection = try await server.connection()
        connection.store(in: log)
        try await answer(connection)
        await connection.settle(within: .seconds(5))
        return await victim.conclude(connection)
    }

    /// Returns a session's announcement, and messages that it opens.
    func words(
        of session: ForgedSession,
        _ epoch: ForgedEpoch,
        _ texts: [String]
    ) throws -> [(WireEntryKind, Data)] {
        var entries = [(WireEntryKind.keys, try session.announcement(epoch, seen: log.head))]
        for (index, text) in texts.enumerated() {
            entries.append(
                (.message, try session.message(text, epoch, index: UInt32(index), seen: log.head))
            )
        }
        return entries
    }
}

extension Victim.Account {
    /// The client noticed the lie: it showed none of the texts, reported the lie, and failed.
    func caught(_ hidden: [String] = []) -> Attack.Finding {
        let shown = hidden.filter(shows)
        return finding(
            shown.isEmpty ? ending : "showed \(shown.joined(separator: ", ")); \(ending)",
            isRight: shown.isEmpty && !errorCodes.isEmpty
        )
    }

    /// The client noticed the lie and ended.
    func stopped(_ hidden: [String] = []) -> Attack.Finding {
        var finding = caught(hidden)
        finding.isRight = finding.isRight && status == 1
        return finding
    }

    /// The key can read none of the sent messages, and the client reported something about the
    /// name.
    func keptFrom(_ identity: SHA256Digest, naming name: String) -> Attack.Finding {
        let isWrapped = published.isWrapped(for: identity)
        let isNamed = printed.contains { line in
            line.contains(name) && (line.contains("\"error\"") || line.contains("\"notice\""))
        }
        return finding(
            (isWrapped ? "encrypted to it" : hasSent ? "not encrypted to it" : "said nothing")
                + (isNamed ? ", said so; " : ", silently; ") + ending,
            isRight: !isWrapped && isNamed
        )
    }
}
