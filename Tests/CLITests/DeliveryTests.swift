import Foundation
import TestSupport
import Testing

/// Each message arrives exactly once, in one order, whatever happens to the server.
@Suite(.serialized)
struct DeliveryTests {
    private static let counts = ["alice": 10_000, "bob": 1_000, "carol": 1_000]
    private static let mark = "PLAINTEXT-NEEDLE"

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `ten thousand messages reach everybody once, in one order, and the server reads none`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob", "carol"])
        let clients = try await feed(chat)
        try await awaitEverything(clients)
        try MemoryImage.requireNothing(of: DeliveryTests.mark, in: chat.server.processID)
        try requireNothingStored(chat)
        try await judge(clients)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
    }

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `killing the server in the middle of it loses nothing and repeats nothing`() async throws {
        var chat = try await ChatFixture.start(["alice", "bob", "carol"])
        let clients = try await feed(chat)
        for round in 1...3 {
            // In the middle: this many of alice's messages were acknowledged.
            let mark = "\"alice-\(round * 2_000)-"
            _ = await clients["bob"]?.line(with: mark)
            chat.server.kill(SIGKILL)
            #expect(await chat.server.exit() == 128 + SIGKILL)
            chat = try await ChatFixture.serve(chat.folder, port: chat.port)
        }
        try await awaitEverything(clients)
        try await judge(clients)
    }

    private func feed(_ chat: ChatFixture) async throws -> [String: Child] {
        var clients: [String: Child] = [:]
        for name in DeliveryTests.counts.keys.sorted() { clients[name] = try await chat.join(name) }
        for (name, client) in clients {
            let count = DeliveryTests.counts[name] ?? 0
            let lines = (0..<count).map {
                Child.request("\(name)-\($0)-\(DeliveryTests.mark)") + "\n"
            }.joined()
            Thread.detachNewThread { client.sendBytes(Array(lines.utf8)) }
        }
        return clients
    }

    /// Waits until each client has every other client's last message, and its own acknowledgement.
    private func awaitEverything(_ clients: [String: Child]) async throws {
        let total = DeliveryTests.counts.values.reduce(0, +)
        for (name, client) in clients {
            let own = DeliveryTests.counts[name] ?? 0
            client.rewind()
            var left = total
            var acks = own
            while left > own || acks > 0 {
                let line = try #require(await client.line(with: "\"event\":"), "\(name) ended")
                if line.contains("\"event\":\"message\"") { left -= 1 }
                if line.contains("\"event\":\"ack\"") { acks -= 1 }
                #expect(!line.contains("\"error\""), "\(line)")
            }
        }
    }

    private func judge(_ clients: [String: Child]) async throws {
        for client in clients.values { client.endInput() }
        var order: [Int: String] = [:]
        for (name, client) in clients {
            #expect(await client.exit() == 0)
            let messages = await client.messages()
            #expect(messages.map(\.seq) == messages.map(\.seq).sorted())
            for (other, count) in DeliveryTests.counts where other != name {
                let seen = messages.filter { $0.from == other }.map(\.text)
                #expect(seen == (0..<count).map { "\(other)-\($0)-\(DeliveryTests.mark)" })
            }
            for message in messages {
                #expect(order[message.seq, default: message.id] == message.id)
                order[message.seq] = message.id
            }
        }
    }

    private func requireNothingStored(_ chat: ChatFixture) throws {
        let folder = chat.folder.file("server/chat")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        try #require(files.contains { $0.hasSuffix(".sqlite") })
        for file in files {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
            #expect(bytes.range(of: Data(DeliveryTests.mark.utf8)) == nil, "\(file)")
        }
    }
}

/// The memory of a running process, searched for a text.
enum MemoryImage {
    static func requireNothing(of needle: String, in process: Int32) throws {
        let memory = FileHandle(forReadingAtPath: "/proc/\(process)/mem")
        guard geteuid() == 0 else {
            // Our programs forbid reading their memory to all users but root, also to their own
            // user.
            #expect(memory == nil)
            return
        }
        // The memory of a sanitizer spans terabytes.
        guard !Child.isSanitized else { return }
        let maps = try String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)
        let readable = try #require(memory)
        var looked = 0
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 1, fields[1].hasPrefix("rw") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard ends.count == 2 else { continue }
            try? readable.seek(toOffset: ends[0])
            guard let bytes = try? readable.read(upToCount: Int(ends[1] - ends[0])) else {
                continue
            }
            looked += bytes.count
            #expect(bytes.range(of: Data(needle.utf8)) == nil, "plaintext in \(line)")
        }
        #expect(looked > 1 << 20, "the image was not read")
    }
}
