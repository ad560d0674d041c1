import Foundation
import TestSupport
import Testing

/// `ssh` with a real `sshd` that uses the files of `keyctl sync`.
struct ServerLoginTests {
    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `sshd lets the key in use in, and no retired or revoked one`() async throws {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        func run(_ line: String) async throws {
            let result = try await shell(line)
            #expect(result.status == 0, "\(line)\n\(result.errors)")
        }
        /// Returns whether sshd, started for one connection, accepts a key.
        func logsIn(_ key: String, keys: String = "out/authorized_keys") async throws -> Bool {
            try folder.write(
                "sshd.conf",
                """
                HostKey \(folder.path)/hostkey
                AuthorizedKeysFile \(folder.path)/\(keys)
                RevokedKeys \(folder.path)/out/revoked_keys
                StrictModes no
                PermitRootLogin yes
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no

                """
            )
            let result = try await shell(
                "ssh -F none -o 'ProxyCommand=/usr/sbin/sshd -i -f \(folder.path)/sshd.conf "
                    + "-E \(folder.path)/sshd.log' -o StrictHostKeyChecking=no "
                    + "-o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o IdentityAgent=none "
                    + "-o BatchMode=yes -i \(key) $(id -un)@localhost echo in"
            )
            #expect(result.status == 0 || result.errors.contains("Permission denied"), "\(result)")
            return result.status == 0 && result.output == "in"
        }
        try await run("[ \"$(id -u)\" != 0 ] || mkdir -p /run/sshd")
        try await run("ssh-keygen -q -t ed25519 -N '' -f hostkey")
        for name in ["alice", "bob"] {
            try await run("keyctl gen --user \(name) --bits 2048 --no-passphrase")
            try await run(
                "keyctl export \(name) --private --plaintext --format openssh -o \(name)1 "
                    + "&& chmod 600 \(name)1"
            )
        }
        try await run("keyctl sync out && cp out/authorized_keys before")
        #expect(try await logsIn("alice1"))
        #expect(try await logsIn("bob1"))

        try await run("keyctl rotate --user alice && keyctl revoke bob && keyctl sync out")
        try await run(
            "keyctl export alice --private --plaintext --format openssh -o alice2 && chmod 600 alice2"
        )
        #expect(try await logsIn("alice2"))
        #expect(try await !logsIn("alice1"), "a retired key")
        #expect(try await !logsIn("bob1"), "a revoked key")
        // A revoked key is refused even if it is still in an old authorized_keys.
        #expect(try await !logsIn("bob1", keys: "before"), "a revoked key, by the KRL alone")
        #expect(try await logsIn("alice1", keys: "before"), "the KRL holds revoked keys alone")

        try await run("keyctl revoke alice && keyctl sync out")
        #expect(try await !logsIn("alice2"), "a revoked key")
    }
}
