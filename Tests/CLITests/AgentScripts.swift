/// Programs that speak to the sockets of the agent, in Python.
enum AgentScripts {
    /// Asks the forwarded socket for signatures over bytes that are no login and no SSHSIG.
    static let rawRequests = """
        base64, os, socket, struct = map(__import__, ["base64", "os", "socket", "struct"])
        s = socket.socket(socket.AF_UNIX)
        s.connect(os.environ["SSH_AUTH_SOCK"])
        def string(b): return struct.pack(">I", len(b)) + b
        def ask(m):
            s.sendall(string(m))
            n = struct.unpack(">I", s.recv(4, socket.MSG_WAITALL))[0]
            return s.recv(n, socket.MSG_WAITALL)
        blob = base64.b64decode(open("authorized").read().split()[1])
        token = b"eyJhbGciOiJSUzI1NiJ9.e30"
        login = (string(b"session") + b"\\x32" + string(b"u") + string(b"ssh-connection")
                 + string(b"publickey") + b"\\x01" + string(b"rsa-sha2-512") + string(blob))
        tries = [
            (token, 2), (token, 4), (b"\\x30\\x82\\x01\\x00" + bytes(256), 4), (b"", 4),
            (b"free bytes", 2),
            (b"keyctl rotate statement v1\\n", 4), (login, 0), (login + b"\\x00", 4), (login, 2),
            (b"securechat message v1\\n", 4),
        ]
        refused = sum(ask(b"\\x0d" + string(blob) + string(d) + struct.pack(">I", f)) == b"\\x05"
                      for d, f in tries)
        print("refused", refused, "of", len(tries))
        assert ask(b"\\x0d" + string(blob) + string(login) + struct.pack(">I", 4))[0] == 14

        """

    /// Sends garbage, opens many connections, and never reads.
    static let flood = """
        os, random, resource, socket, struct = map(
            __import__, ["os", "random", "resource", "socket", "struct"])
        most = min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        paths = [os.environ["SSH_AUTH_SOCK"], os.environ["KEYCTL_AGENT_SOCKET"]]
        def connect(path):
            s = socket.socket(socket.AF_UNIX)
            # A socket with a time limit refuses to wait where the queue of connections is full.
            s.connect(path)
            s.settimeout(60)
            return s
        random.seed(1)
        for path in paths:
            for count in range(100):
                s = connect(path)
                try:
                    s.sendall(random.randbytes(random.randrange(1, 400)))
                    s.sendall(struct.pack(">I", 5) + random.randbytes(5))
                except OSError: pass
                s.close()
        many = [connect(paths[0]) for _ in range(1100)]
        for s in many[::50]:
            s.sendall(b"\\0\\0\\0\\x01\\x0b")
            assert s.recv(5)[4] == 12
        # A client that asks without end and never reads.
        mute = connect(paths[0])
        mute.setblocking(False)
        try:
            for _ in range(200000): mute.send(b"\\0\\0\\0\\x01\\x0b")
        except BlockingIOError: pass
        # Clients that stop in the middle of a large message.
        for s in many[:200]:
            s.setblocking(False)
            try: s.send(struct.pack(">I", 262144) + bytes(200000))
            except OSError: pass
        s = connect(paths[0])
        s.sendall(b"\\0\\0\\0\\x01\\x0b")
        assert s.recv(5)[4] == 12
        print("done")

        """

    /// Opens the two sockets and starts the agent with them, as systemd does.
    static let activation = """
        os, socket = map(__import__, ["os", "socket"])
        folder = os.environ["HOME"] + "/.keyctl-agent/"
        os.makedirs(folder, 0o700)
        made = []
        for name in ("ssh.sock", "agent.sock"):
            s = socket.socket(socket.AF_UNIX)
            s.bind(folder + name)
            s.listen(8)
            made.append(os.dup2(s.detach(), 20 + len(made)))
        for number in (3, 4): os.dup2(made[number - 3], number)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2")
        os.execvp("keyctl", ["keyctl", "agent", "start", "--foreground"])

        """

    /// Removes the agent's folder while a connection is open, and says whether the agent ended.
    static let folderRemoval = """
        os, shutil, socket = map(__import__, ["os", "shutil", "socket"])
        path = os.environ["KEYCTL_AGENT_SOCKET"]
        agent = socket.socket(socket.AF_UNIX)
        agent.connect(path)
        hello = b"\\1" + b"\\0\\0\\0\\x0ckeyctl-agent" + b"\\0\\0\\0\\1"
        agent.sendall(len(hello).to_bytes(4, "big") + hello)
        assert len(agent.recv(64)) == 9
        shutil.rmtree(os.path.dirname(path))
        agent.sendall(b"\\0\\0\\0\\1\\2")
        try:
            print("ended" if agent.recv(64) == b"" else "answered")
        except ConnectionResetError:
            print("ended")

        """
}
