import Foundation
import TestSupport
import Testing

/// The user's own registry wins over the server's, whenever it changes.
struct OwnRegistryTests {
    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `a member who is revoked while the connection is away reads nothing when it is back`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        try await chat.keyctl(["import", "bob.pub"], home: "alice")
        let (alice, bob) = (try await chat.join("alice"), try await chat.join("bob"))
        chat.server.kill(SIGKILL)
        #expect(await alice.line(with: "\"reconnecting\"") != nil)
        try await chat.keyctl(["revoke", "bob"], home: "alice")
        let again = try await ChatFixture.serve(chat.folder, port: chat.port)
        #expect(await alice.line(with: "\"ready\"") != nil)
        #expect(await bob.line(with: "\"ready\"") != nil)
        alice.send("not for bob")
        #expect(await alice.line(with: "\"ack\"") != nil)
        #expect(alice.linesSoFar.count { $0.contains("bob cannot read what you say") } == 1)
        #expect(await bob.line(with: "\"unreadable\"") != nil)
        #expect(!bob.linesSoFar.joined().contains("not for bob"))
        again.server.kill(SIGTERM)
    }
}
