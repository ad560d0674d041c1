import CryptoCore
import Failures
import KeyFormats
import Registry
import TestSupport
import Testing

@testable import ChatProtocol

/// What a user is told of the members, and when.
struct AudienceTests {
    private let alice: KeyName
    private let bob: KeyName
    private let directory: MemberDirectory

    init() throws {
        alice = try KeyName("alice")
        bob = try KeyName("bob")
        directory = MemberDirectory(
            chat: SHA256Digest(hashing: [1]),
            mirror: RegistryState(),
            tree: MerkleTree(),
            pins: RegistryState(),
            pinnedOnly: false
        )
    }

    private func view(_ reaches: [KeyName: Reach]) -> RoomView {
        RoomView(
            rows: reaches.mapValues { reach in
                RoomView.Row(
                    key: SHA256Digest(hashing: [9]),
                    version: 1,
                    role: .member,
                    reach: reach,
                    revokedCount: 0,
                    isVerified: false
                )
            }
        )
    }

    private func look(_ audience: inout Audience, _ reaches: [KeyName: Reach]) -> Audience.Look {
        audience.look(at: view(reaches), directory, ChatWorld.now)
    }

    @Test func `a first look names the members, and those who were never compared`() {
        var audience = Audience(user: alice, told: nil)
        let first = look(&audience, [alice: .reached, bob: .reached])
        guard case .members(names: [alice, bob], unverified: [bob])? = first.actions.shown.first
        else {
            Issue.record("the members were not told")
            return
        }
        #expect(first.newcomers == nil)
        #expect(audience.names == [alice, bob])
        #expect(look(&audience, [alice: .reached, bob: .reached]).actions.isEmpty)
    }

    @Test func `a member who comes is new, and one who goes is not`() {
        var audience = Audience(user: alice, told: view([alice: .reached]))
        let came = look(&audience, [alice: .reached, bob: .reached])
        #expect(came.newcomers == [bob])
        #expect(came.actions.notices.count == 1)
        let went = look(&audience, [alice: .reached])
        #expect(went.newcomers == [])
        #expect(went.actions.notices.count == 1)
    }

    @Test
    func `who reads nothing is named once before the first message, and again when it changes`() {
        var audience = Audience(user: alice, told: nil)
        let first = look(&audience, [alice: .reached, bob: .expired])
        #expect(first.actions.notices.isEmpty)
        #expect(audience.exclusions(at: ChatWorld.now).notices.count == 1)
        #expect(audience.exclusions(at: ChatWorld.now).isEmpty)
        let changed = look(&audience, [alice: .reached, bob: .revoked])
        #expect(changed.actions.notices.count == 1)
        #expect(audience.exclusions(at: ChatWorld.now).isEmpty)
    }

    @Test func `a key that is not the expected one is an alarm at once, and once`() {
        var audience = Audience(user: alice, told: nil)
        let first = look(&audience, [alice: .reached, bob: .otherKey])
        #expect(first.actions.errors.map(\.code) == [.keyMismatch])
        #expect(look(&audience, [alice: .reached, bob: .otherKey]).actions.isEmpty)
        #expect(audience.exclusions(at: ChatWorld.now).isEmpty)
    }
}
