import ChatProtocol
import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

@testable import ChatServer

/// The server's values: decisions about clocks, addresses and budgets.
struct ServerValueTests {
    private let day = ClockWatch.day
    private let start: Int64 = 1_700_000_000_000

    @Test(arguments: [
        // The open descriptors, the limit, and the number of connections that fit.
        (22, 20_000, 19_914), (22, 1_024, 938), (22, 75, 27), (22, 40, 9), (22, 33, 3),
        (22, 26, 1), (22, 8, 1), (0, 0, 1),
    ])
    func `connections leave descriptors to the rest of the server`(
        own: Int,
        limit: Int,
        connectionCount: Int
    ) {
        #expect(Descriptors.connectionCount(beside: own, limit: limit) == connectionCount)
    }

    @Test func `age counts where the log's last entry is from the day before`() {
        let watch = ClockWatch(wall: start, steady: 0, newestEntry: start - day / 2)
        #expect(watch.allowsAge(steady: 0))
        #expect(ClockWatch(wall: start, steady: 0, newestEntry: nil).allowsAge(steady: 0))
    }

    @Test func `a clock that is a month ahead of the log forgets nothing for a day`() {
        let watch = ClockWatch(wall: start + 31 * day, steady: 0, newestEntry: start)
        #expect(!watch.allowsAge(steady: 0))
        #expect(!watch.allowsAge(steady: day - 1))
        #expect(watch.allowsAge(steady: day))
    }

    @Test func `a clock that jumps while the server runs is not trusted from there on`() {
        var watch = ClockWatch(wall: start, steady: 0, newestEntry: start)
        let none = watch.observe(wall: start + 1_000, steady: 1_000, newestEntry: start)
        #expect(none == nil)
        let jump = watch.observe(wall: start + 31 * day, steady: 2_000, newestEntry: start + 900)
        #expect(jump == 31 * day - 2_000)
        #expect(!watch.allowsAge(steady: 2_000))
        // Setting the clock right again is also a jump, and the log's last entry is recent.
        let back = watch.observe(wall: start + 3_000, steady: 3_000, newestEntry: start + 900)
        #expect(back != nil)
        #expect(watch.allowsAge(steady: 3_000))
    }

    @Test(arguments: [Int64.min, -1, 0, 4_102_444_800_000, .max])
    func `an entry takes the time of any clock`(time: Int64) throws {
        var room = ServerRoom(
            chat: SHA256Digest(hashing: [1]),
            name: "lobby",
            head: .beginning(chat: SHA256Digest(hashing: [1]), room: "lobby"),
            lastMembershipSeq: 0
        )
        let added = room.append(event: WireEventContent(), changesMembership: false, at: time)
        #expect(added.position.seq == 1)
    }

    private func prefix(_ bytes: [UInt8]) -> AddressPrefix { AddressPrefix(packed: bytes) }

    @Test func `addresses of one owner are one prefix`() {
        let home: [UInt8] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1]
        let one = prefix(home + [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(one == prefix(home + [9, 9, 9, 9, 9, 9, 9, 9]))
        #expect(one != prefix([0x20, 1, 0xd, 0xb8, 0, 0, 0, 2] + [0, 0, 0, 0, 0, 0, 0, 1]))
        #expect(one.network == prefix([0x20, 1, 0xd, 0xb8, 0, 0, 0, 2] + home).network)
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        #expect(prefix([192, 0, 2, 1]) == prefix(mapped + [192, 0, 2, 1]))
        #expect(prefix([192, 0, 2, 1]) != prefix([192, 0, 2, 2]))
        #expect(prefix([192, 0, 2, 1]).network == prefix([192, 0, 2, 2]).network)
        #expect(prefix([127, 0, 0, 2]).isLoopback)
        #expect(prefix([UInt8](repeating: 0, count: 15) + [1]).isLoopback)
        #expect(!one.isLoopback)
    }

    @Test func `statements that fail are not looked at for ever`() {
        var budget = StatementBudget()
        for _ in 0..<ServerLimits.failedStatementsPerMinute {
            #expect(budget.allows("a", at: 0))
            budget.fail("a", at: 0)
        }
        #expect(!budget.allows("a", at: 1))
        #expect(budget.allows("b", at: 1))
        #expect(budget.allows("a", at: 60_000))
    }

    @Test func `an identity brings so many renewals a day`() throws {
        let key = TestKeys.all[0]
        let id = SHA256Digest(hashing: try key.publicKey.spkiDERRepresentation())
        let renewal = try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: id,
            key: key,
            time: .now
        )
        var budget = StatementBudget()
        for _ in 0..<ServerLimits.amendmentsPerDay {
            // Asking costs nothing. Only accepted statements are counted.
            #expect(budget.mayBring([renewal], of: id, at: 0))
            #expect(budget.mayBring([renewal], of: id, at: 0))
            budget.charge([renewal], of: id, at: 0)
        }
        #expect(!budget.mayBring([renewal], of: id, at: 0))
        #expect(budget.mayBring([renewal], of: id, at: ClockWatch.day))
    }

    @Test func `rotations of any number come in one day`() throws {
        let id = SHA256Digest(hashing: try TestKeys.all[0].publicKey.spkiDERRepresentation())
        let rotation = try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: TestKeys.all[0],
            new: TestKeys.all[1],
            expires: nil,
            time: .now
        )
        let chain = Array(repeating: rotation, count: ServerLimits.statementsPerDay + 1)
        var budget = StatementBudget()
        budget.charge(chain, of: id, at: 0)
        #expect(budget.mayBring(chain, of: id, at: 0))
    }

    @Test func `what is costly is tried less and less often`() {
        var times = RetryTimes()
        var due: [Int64] = []
        for time in Int64(5)...3_100 where times.isDue(at: time) { due.append(time) }
        #expect(due == [5, 1_005, 3_005])
    }
}
