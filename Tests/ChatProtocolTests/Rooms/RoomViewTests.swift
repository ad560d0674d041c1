import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

@testable import ChatProtocol

/// The notices of a reader about the room, from two views of it.
struct RoomViewTests {
    private let alice: KeyName
    private let keys = (0..<3).map { SHA256Digest(hashing: [UInt8($0)]) }

    init() throws { alice = try KeyName("alice") }

    private func directory() throws -> MemberDirectory {
        let key = try PublicKey(TestKeys.all[5].publicKey)
        return MemberDirectory(
            chat: key.identityID,
            mirror: RegistryState(),
            tree: MerkleTree(),
            pins: RegistryState(),
            pinnedOnly: false
        )
    }

    private func rows() -> [RoomView.Row?] {
        let reaches: [Reach] = [
            .reached, .distrusted, .otherKey, .otherName(alice), .lookAlike(alice), .weak,
            .notPinned,
            .expired, .retired, .revoked, .frozen,
        ]
        var rows: [RoomView.Row?] = [nil]
        for key in keys {
            for version in 1...2 {
                for role in [Role.member, .admin] {
                    for reach in reaches {
                        rows.append(
                            RoomView.Row(
                                key: key,
                                version: version,
                                role: role,
                                reach: reach,
                                revokedCount: 0,
                                isVerified: version == 2
                            )
                        )
                    }
                }
            }
        }
        return rows
    }

    private func view(_ row: RoomView.Row?) -> RoomView {
        RoomView(rows: row.map { [alice: $0] } ?? [:])
    }

    @Test func `whatever changes who opens a message has a line`() throws {
        let directory = try directory()
        var count = 0
        for before in rows() {
            for now in rows() where before != now {
                let lines = view(now).changes(since: view(before), in: directory)
                let opened = { (row: RoomView.Row?) in
                    row?.reach == .reached ? row?.key : nil
                }
                guard opened(before) != opened(now) else { continue }
                count += 1
                #expect(!lines.isEmpty, "\(String(describing: before)) \(String(describing: now))")
                // A person who newly reads must be reported.
                guard let key = opened(now), key != opened(before) else { continue }
                let isTold = lines.contains(where: \.opensToSomebodyNew)
                #expect(isTold)
            }
        }
        #expect(count > 1_000)
    }

    @Test func `a view is stored and read as it was, and half of it is not read at all`() throws {
        for row in rows() {
            let encoded = view(row).encoded
            #expect(RoomView(encoded) == view(row))
            #expect(RoomView(Array(encoded.dropLast(4))) == nil)
        }
        #expect(RoomView(Array("securechat members v2\nend\n".utf8)) == nil)
        #expect(RoomView([]) == nil)
    }

    @Test func `a key that only one's own registry knew before is replaced, not moved on from`()
        throws
    {
        let serverKey = try PublicKey(TestKeys.all[5].publicKey)
        func registry(_ key: Int) throws -> RegistryState {
            var registry = RegistryState()
            let der = try TestKeys.all[key].publicKey.spkiDERRepresentation()
            let act = Statement.Act.register(name: alice, key: der, expires: nil)
            try registry.apply(Statement(act, time: ChatWorld.now))
            return registry
        }
        let before = try registry(0)
        func directory(_ mirror: RegistryState) -> MemberDirectory {
            MemberDirectory(
                chat: serverKey.identityID,
                mirror: mirror,
                tree: MerkleTree(),
                pins: before,
                pinnedOnly: false
            )
        }
        let now = directory(try registry(1))
        let told = now.view(of: "lobby", at: ChatWorld.now)
            .changes(since: directory(before).view(of: "lobby", at: ChatWorld.now), in: now).map(
                \.text
            )
        #expect(told.contains { $0.contains("REPLACED") })
        #expect(!told.contains { $0.contains("now uses") })
    }
}
