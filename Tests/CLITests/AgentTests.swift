import Foundation
import TestSupport
import Testing

/// The agent with the real `ssh` and `sshd`, and with the chat.
struct AgentTests {
    private static let passphrase = "correct horse"

    /// A folder with an agent that holds alice.
    private func folder() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("pass", AgentTests.passphrase + "\n")
        try await run(
            "keyctl gen --user alice --bits 2048 --kdf m=19456,t=2,p=1 --new-passphrase-file pass",
            folder
        )
        try await run("SHELL=/bin/sh keyctl agent start > vars", folder)
        try await run("keyctl agent add alice --passphrase-file pass", folder)
        return folder
    }

    private func shell(_ line: String, _ folder: TemporaryFolder) async throws -> Command {
        try await Command.shell(line, folder: folder.path)
    }

    @discardableResult
    private func run(_ line: String, _ folder: TemporaryFolder) async throws -> String {
        let result = try await shell(line, folder)
        #expect(result.status == 0, "\(line)\n\(result.output)\n\(result.errors)")
        return result.output
    }

    /// The command `ssh` with a server that is started for one connection.
    private func ssh(_ folder: TemporaryFolder, _ options: String, host: String) -> String {
        "ssh -F none -o 'ProxyCommand=/usr/sbin/sshd -i -f \(folder.path)/sshd.conf "
            + "-h \(folder.path)/\(host) -E \(folder.path)/sshd.log' "
            + "-o StrictHostKeyChecking=no -o UserKnownHostsFile=\(folder.path)/known "
            + "-o BatchMode=yes \(options) $(id -un)@localhost"
    }

    private func prepareServer(_ folder: TemporaryFolder) async throws {
        try await run("[ \"$(id -u)\" != 0 ] || mkdir -p /run/sshd", folder)
        for kind in ["ed25519", "ecdsa", "rsa"] {
            try await run("ssh-keygen -q -t \(kind) -N '' -f host_\(kind)", folder)
        }
        try folder.write(
            "sshd.conf",
            """
            AuthorizedKeysFile \(folder.path)/authorized
            StrictModes no
            PermitRootLogin yes
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AllowAgentForwarding yes

            """
        )
        try await run("keyctl export alice --format ssh > authorized", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `ssh logs in with a key of the agent`() async throws {
        let folder = try await folder()
        try await prepareServer(folder)
        for host in ["host_ed25519", "host_ecdsa", "host_rsa"] {
            let output = try await run(
                ". ./vars; rm -f known; \(ssh(folder, "", host: host)) echo in",
                folder
            )
            #expect(output == "in")
        }
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `the far end of ssh -A gets logins and nothing else`() async throws {
        let folder = try await folder()
        try await prepareServer(folder)
        // What the far end does: it has the forwarded socket alone, and this program.
        try folder.write(
            "far.sh",
            """
            set -u
            cd \(folder.path)
            PATH=\(Child.programs):$PATH
            unset KEYCTL_AGENT_SOCKET
            export HOME=\(folder.path)/elsewhere KEYCTL_HOME=\(folder.path)/home
            mkdir -p "$HOME"
            ssh-add -l > far.list 2>&1
            echo test > far.txt
            ssh-keygen -q -Y sign -f authorized -n file far.txt && echo signed >> far.list
            # The own protocol on the forwarded socket is refused.
            KEYCTL_AGENT_SOCKET=$SSH_AUTH_SOCK keyctl decrypt plain.age < /dev/null \
                >> far.refused 2>&1 || echo no-decryption >> far.list
            KEYCTL_AGENT_SOCKET=$SSH_AUTH_SOCK keyctl token sign --alg RS256 far.txt < /dev/null \
                >> far.refused 2>&1 || echo no-token >> far.list
            KEYCTL_AGENT_SOCKET=$SSH_AUTH_SOCK keyctl export alice --format csr < /dev/null \
                >> far.refused 2>&1 || echo no-request >> far.list
            ssh-add -D >> far.refused 2>&1 || echo no-removal >> far.list
            ssh-keygen -q -t ed25519 -N '' -f far_key
            ssh-add far_key >> far.refused 2>&1 || echo no-adding >> far.list
            python3 far.py >> far.list 2>&1

            """
        )
        try folder.write("far.py", AgentScripts.rawRequests)
        try await run("echo secret > plain && keyctl encrypt -r alice plain -o plain.age", folder)
        try await run(
            ". ./vars; unset KEYCTL_AGENT_SOCKET; \(ssh(folder, "-A", host: "host_ed25519")) "
                + "sh \(folder.path)/far.sh",
            folder
        )
        let list = try await run("cat far.list", folder)
        for text in [
            "alice (RSA)", "signed", "no-decryption", "no-token", "no-request", "no-removal",
            "no-adding",
        ] {
            #expect(list.contains(text), "no \(text) in: \(list)")
        }
        #expect(list.contains("refused 10 of 10"), "\(list)")
        #expect(try await run("cat far.refused", folder).contains("passphrase is needed"))
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key that is limited to hosts logs in there only`() async throws {
        let folder = try await folder()
        try await prepareServer(folder)
        try await run(
            "mkdir -p .ssh && (printf 'localhost '; cat host_ed25519.pub) > .ssh/known_hosts",
            folder
        )
        try await run("keyctl agent add alice --host localhost --passphrase-file pass", folder)
        let command = ssh(folder, "-o HostKeyAlgorithms=ssh-ed25519", host: "host_ed25519")
        let output = try await run(". ./vars; \(command) echo in", folder)
        #expect(output == "in")
        let other = try await shell(
            ". ./vars; rm -f known; \(ssh(folder, "", host: "host_ecdsa")) echo in",
            folder
        )
        #expect(other.status != 0)
        #expect(other.errors.contains("Permission denied"))
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `the keys of an agent that was there before are passed through`() async throws {
        let folder = try TemporaryFolder()
        try await run("ssh-keygen -q -t ed25519 -N '' -f old", folder)
        let before = try Child(
            "ssh-agent",
            ["-D", "-a", "\(folder.path)/before.sock"],
            folder: folder.path
        )
        _ = await before.line(with: "SSH_AUTH_SOCK")
        try await run("SSH_AUTH_SOCK=$PWD/before.sock ssh-add -q old", folder)
        try await run(
            "SSH_AUTH_SOCK=$PWD/before.sock SHELL=/bin/sh keyctl agent start > vars",
            folder
        )
        #expect(try await run(". ./vars; ssh-add -l", folder).contains("ED25519"))
        try await run(
            ". ./vars; echo x > x; ssh-keygen -q -Y sign -f old.pub -n file x && "
                + "ssh-keygen -Y check-novalidate -n file -s x.sig < x",
            folder
        )
        before.kill(SIGKILL)
        _ = await before.exit()
        #expect(try await shell(". ./vars; ssh-add -l", folder).output.contains("no identities"))
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `garbage, many connections and a client that never reads do not stop it`() async throws {
        let folder = try await folder()
        try folder.write("flood.py", AgentScripts.flood)
        let output = try await run(". ./vars; python3 flood.py", folder)
        #expect(output.contains("done"))
        #expect(try await run("keyctl agent status", folder).contains("alice"))
        #expect(try await run(". ./vars; ssh-add -l", folder).contains("alice"))
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `takes the sockets that systemd opened, and leaves them at its end`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("activate.py", AgentScripts.activation)
        let agent = try Child("python3", ["activate.py"], folder: folder.path)
        // The connection waits in the socket until the agent accepts it.
        try await run(
            "until [ -S .keyctl-agent/agent.sock ] && keyctl agent status 2>&1; do :; done",
            folder
        )
        agent.kill(SIGTERM)
        #expect(await agent.exit() == 0)
        #expect(try await run("ls .keyctl-agent", folder).contains("ssh.sock"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `ends when its folder is gone`() async throws {
        let folder = try await folder()
        // The open connection wakes the agent, which otherwise looks once a minute.
        try folder.write("remove.py", AgentScripts.folderRemoval)
        #expect(try await run(". ./vars; python3 remove.py", folder).contains("ended"))
    }

    // Only root can connect to another user's socket at all.
    @Test(.enabled(if: geteuid() == 0), .timeLimit(.minutes(5)))
    func `refuses another user, root included`() async throws {
        let folder = try TemporaryFolder()
        let user = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all"
        try await run("chown 65534 .", folder)
        try await run("SHELL=/bin/sh \(user) keyctl agent start > vars", folder)
        let list = try await shell(". ./vars; ssh-add -l", folder)
        #expect(list.status != 0)
        #expect(list.errors.contains("communication with agent failed"))
        let status = try await shell("keyctl agent status", folder)
        #expect(status.errors.contains("belongs to another user"))
        try await run(". ./vars; \(user) ssh-add -l 2>&1 | grep 'no identities'", folder)
        try await run("\(user) keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a question to a person stops nobody else`() async throws {
        let folder = try await folder()
        try await run("keyctl agent stop", folder)
        try folder.write("ask", "#!/bin/sh\nread -r answer < \(folder.path)/fifo\n")
        try await run("chmod +x ask && mkfifo fifo", folder)
        try await run("SSH_ASKPASS=$PWD/ask SHELL=/bin/sh keyctl agent start > vars", folder)
        try await run("keyctl agent add alice --confirm --passphrase-file pass", folder)
        try await run("echo secret > plain && keyctl encrypt -r alice plain -o plain.age", folder)
        let waiting = try Child("keyctl", ["decrypt", "plain.age"], folder: folder.path)
        #expect(try await run("keyctl agent status", folder).contains("confirm"))
        #expect(try await run(". ./vars; ssh-add -l", folder).contains("alice"))
        try await run("echo yes > fifo", folder)
        #expect(await waiting.line(with: "secret") != nil)
        try await run("keyctl agent stop", folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `the chat runs with keys of the agent`() async throws {
        let folder = try await folder()
        let home = ["KEYCTL_HOME": "\(folder.path)/server"]
        let options = "--home server --passphrase-file pass"
        try await run(
            "timeout 60 securechat serve \(options) --new-passphrase-file pass "
                + "--kdf m=19456,t=2,p=1 --listen 127.0.0.1:0 --json > made & "
                + "until grep -q listening made; do :; done; kill $!; wait; true",
            folder
        )
        try await run("keyctl agent add server \(options)", folder)
        try await run("keyctl import home/alice.pub --home server", folder)
        try await run("keyctl import server/server.pub", folder)
        #expect(try await run("keyctl agent status", folder).contains("unattended"))
        let server = try Child(
            "securechat",
            ["serve", "--listen", "127.0.0.1:0", "--json"],
            folder: folder.path,
            environment: home
        )
        let line = try #require(await server.line(with: "listening"))
        let port = try #require(
            line.split(separator: "\"port\":").last?.split(separator: ",").first
        )
        let said = try await run(
            "echo hello | securechat connect 127.0.0.1:\(port) --user alice && "
                + "echo /history | securechat connect 127.0.0.1:\(port) --user alice",
            folder
        )
        #expect(said.contains("hello"))
        // The server signs the registry's next checkpoint, and the room's head.
        try await run("keyctl gen --user bob --home bob --no-passphrase --bits 2048", folder)
        try await run("keyctl import bob/bob.pub --home server", folder)
        try await run("keyctl import server/server.pub --home bob", folder)
        try await run("echo hi | securechat connect 127.0.0.1:\(port) --home bob", folder)
        server.kill(SIGTERM)
        let status = await server.exit()
        let errors = await server.allErrors()
        #expect(status == 0, "\(errors)")
        #expect(try await run("keyctl audit log --home server", folder).contains("agent-use"))
        #expect(try await run("keyctl audit log", folder).contains("agent-use"))
        try await run("keyctl agent stop", folder)
    }
}
