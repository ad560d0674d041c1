import EncryptedFiles
import KeyFormats
import Testing

/// What becomes of a file's stanzas: decided from their owners and the order alone.
struct RewrapPlanTests {
    private let alice: KeyName
    private let bob: KeyName
    private let carol: KeyName

    init() throws {
        alice = try KeyName("alice")
        bob = try KeyName("bob")
        carol = try KeyName("carol")
    }

    /// The version in use is 2.
    private func owner(
        _ name: KeyName,
        version: Int = 2,
        isTrusted: Bool = true,
        isRemoved: Bool = false
    ) -> StanzaOwner {
        .known(
            KnownVersion(
                name: name,
                version: version,
                current: isRemoved ? nil : 2,
                isCurrent: version == 2 && !isRemoved,
                isTrusted: isTrusted,
                isRemoved: isRemoved
            )
        )
    }

    private func plan(
        _ owners: [StanzaOwner],
        _ order: RewrapOrder = RewrapOrder()
    ) throws -> RewrapPlan {
        try RewrapPlan(owners: owners, order: order) { _ in }
    }

    private func requireRefused(_ owners: [StanzaOwner], _ order: RewrapOrder) {
        #expect(throws: EncryptedFileError.self) { _ = try plan(owners, order) }
    }

    @Test func `a file for versions in use stays as it is`() throws {
        let plan = try plan([owner(alice), owner(bob)])
        #expect(plan.isCurrent)
        #expect(plan.kept == [0, 1])
        #expect(plan.added.isEmpty)
    }

    @Test func `an old version gives way under the same file key`() throws {
        let plan = try plan([owner(alice, version: 1), owner(bob)])
        #expect(plan.kept == [1])
        #expect(plan.added == [alice])
        #expect(plan.changes == ["alice: version 1 to 2"])
        #expect(!plan.isFresh)
        #expect(!plan.losesSomebody)
    }

    @Test func `a revoked version makes the file key fresh`() throws {
        let plan = try plan([owner(alice, version: 1, isTrusted: false), owner(bob)])
        #expect(plan.isFresh)
        #expect(plan.losesSomebody)
        #expect(plan.kept.isEmpty)
        #expect(plan.added == [alice, bob])
    }

    @Test func `a person who is dropped makes the file key fresh`() throws {
        let plan = try plan([owner(alice), owner(bob)], RewrapOrder(drop: [bob]))
        #expect(plan.changes == ["without bob"])
        #expect(plan.isFresh)
        #expect(plan.added == [alice])
    }

    @Test func `the header alone changes where the order says so`() throws {
        let order = RewrapOrder(drop: [bob], isHeaderOnly: true)
        let plan = try plan([owner(alice), owner(bob)], order)
        #expect(!plan.isFresh)
        #expect(plan.losesSomebody)
        #expect(plan.kept == [0])
    }

    @Test func `exactly the people of the order can read on`() throws {
        let plan = try plan([owner(alice), owner(bob)], RewrapOrder(to: [carol, alice]))
        #expect(plan.changes == ["without bob", "with carol"])
        #expect(plan.added == [carol, alice])
        #expect(plan.isFresh)
    }

    @Test func `a person is added under the same file key`() throws {
        let plan = try plan([owner(alice)], RewrapOrder(to: [alice, bob]))
        #expect(plan.kept == [0])
        #expect(plan.added == [bob])
        #expect(!plan.isFresh)
    }

    @Test func `two stanzas of one version become one`() throws {
        let plan = try plan([owner(alice), owner(alice), owner(bob, version: 1)])
        #expect(plan.kept == [0])
        #expect(plan.added == [bob])
    }

    @Test func `a removed name does not read on`() throws {
        let plan = try plan([owner(alice), owner(bob, isTrusted: false, isRemoved: true)])
        #expect(plan.changes == ["without bob"])
        #expect(plan.added == [alice])
    }

    @Test func `a key that is not known here stays, but not under a fresh file key`() throws {
        let owners = [owner(alice, version: 1), .unknownKey]
        #expect(try plan(owners).kept == [1])
        requireRefused(owners, RewrapOrder(isFresh: true))
        requireRefused(owners, RewrapOrder(drop: [bob]))
    }

    @Test func `a key of another kind is nobody who could be dropped`() throws {
        let plan = try plan(
            [owner(alice), owner(bob), .otherKind],
            RewrapOrder(drop: [bob], isHeaderOnly: true)
        )
        #expect(plan.kept == [0, 2])
        requireRefused([owner(alice), owner(bob), .otherKind], RewrapOrder(drop: [bob]))
    }

    @Test func `the last recipient is not dropped`() {
        requireRefused([owner(alice)], RewrapOrder(drop: [alice]))
        requireRefused([owner(alice)], RewrapOrder(drop: [alice], isHeaderOnly: true))
    }

    @Test func `a name without a version in use ends the plan`() {
        #expect(throws: KeyFormatError.self) {
            _ = try RewrapPlan(owners: [owner(alice)], order: RewrapOrder(to: [bob])) { name in
                if name == bob { _ = try KeyName("not a name") }
            }
        }
    }
}
