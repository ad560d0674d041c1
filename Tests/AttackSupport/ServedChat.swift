internal import CryptoCore
internal import Foundation
package import TestSupport

/// A real `securechat serve` process with a world's registry.
package final class ServedChat: Sendable {
    /// How the server is started.
    package struct Setting: Sendable {
        /// The limit of its descriptors; `nil`: the limit of the test.
        package var descriptorCount: Int?
        /// Whether standard error is a full pipe that no process reads.
        package var hasFullLog = false

        package init(_ change: (inout Setting) -> Void = { _ in }) { change(&self) }
    }

    /// The world with all keys.
    package let world: AttackWorld
    /// The port on loopback.
    package let port: Int
    /// The process.
    package let child: Child
    private let folder: TemporaryFolder
    private let log: FullPipe?
    private let usage: UsageSampler

    /// Starts a server on a copy of the world's home.
    package init(_ world: AttackWorld, _ setting: Setting = Setting()) async throws {
        self.world = world
        folder = try TemporaryFolder()
        try world.copy(["server"], to: folder)
        log = setting.hasFullLog ? try FullPipe(path: folder.file("log")) : nil
        var words = ["\(Child.programs)/securechat", "serve", "--home", "server"]
        words += ["--no-passphrase", "--json", "--listen", "127.0.0.1:0"]
        if let count = setting.descriptorCount {
            words = ["prlimit", "--nofile=\(count):\(count)"] + words
        }
        if setting.hasFullLog {
            words = ["sh", "-c", "exec \"$@\" 2>log", "sh"] + words
        }
        child = try Child(words[0], Array(words.dropFirst()), folder: folder.path)
        guard let line = await child.line(with: "listening"),
            let port = line.split(separator: "\"port\":").last.flatMap({ rest in
                Int(rest.prefix { $0.isNumber })
            })
        else { throw AttackError.missing("a server that starts: \(await child.allErrors())") }
        self.port = port
        usage = UsageSampler(child.processID)
    }

    /// Whether the process is running.
    package var isRunning: Bool { ProcessUsage(of: child.processID) != nil }

    /// Its cost until now; zeros if it has ended.
    package var cost: (milliseconds: Int, peakKiB: Int) {
        usage.sample()
        return usage.last
    }

    /// Returns the number of lines in its registry.
    package func registryLineCount() throws -> Int {
        try folder.read("server/registry/log").count { $0 == UInt8(ascii: "\n") }
    }

    /// Connects as a member, without logging in.
    package func connect(
        _ name: String,
        shape: ForgedSession.Shape = ForgedSession.Shape(),
        reading: HostileMember.Reading = .always
    ) async throws -> HostileMember {
        try await HostileMember(
            ForgedSession(name, world, shape: shape),
            port: port,
            reading: reading
        )
    }

    /// Connects and logs in as a member.
    package func member(
        _ name: String,
        reading: HostileMember.Reading = .always
    ) async throws -> HostileMember {
        let member = try await connect(name, reading: reading)
        try await member.logIn()
        return member
    }

    /// Makes a session of an unregistered person, who claims their own identity or a member's.
    package func stranger(claiming name: String? = nil) throws -> ForgedSession {
        let key = StrangerKey.shared
        let own = SHA256Digest(hashing: try key.publicKey.spkiDERRepresentation())
        return try ForgedSession(
            identity: name.map { try world.identity($0) } ?? own,
            chat: world.chat,
            issuer: key
        )
    }

    /// Stops the server; returns its exit status, or `nil` if it does not end in time.
    package func stop(within limit: Duration = .seconds(5)) async -> Int32? {
        let child = child
        child.kill(SIGTERM)
        let status = await Deadline.first(within: limit) { () -> Int32? in
            let status = await child.exit()
            return status < 0 ? nil : status
        }
        child.kill(SIGKILL)
        return status
    }
}
