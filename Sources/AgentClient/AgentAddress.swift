internal import Glibc

/// Where the sockets of this user's agent are.
public enum AgentAddress {
    /// The variable that names the own socket.
    public static let variable = "KEYCTL_AGENT_SOCKET"
    /// The variable that names the SSH socket.
    public static let sshVariable = "SSH_AUTH_SOCK"

    /// The folder of the sockets: `$XDG_RUNTIME_DIR/keyctl`, else `~/.keyctl-agent`; `nil` where
    /// neither folder is known.
    public static var folder: String? {
        if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") {
            return runtime + "/keyctl"
        }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
        return home + "/.keyctl-agent"
    }

    /// The path of the own socket: as the variable says, else in the folder.
    public static var ownSocket: String? {
        environment(variable) ?? folder.map { ownSocket(in: $0) }
    }

    /// The path of the own socket in a folder.
    public static func ownSocket(in folder: String) -> String { folder + "/agent.sock" }
    /// The path of the SSH socket in a folder.
    public static func sshSocket(in folder: String) -> String { folder + "/ssh.sock" }
    /// The path of the lock in a folder, which an agent holds while it lives.
    public static func lock(in folder: String) -> String { folder + "/agent.lock" }

    /// A variable of the environment; `nil` if it is missing or empty.
    public static func environment(_ name: String) -> String? {
        // SAFETY: the value is copied at once.
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
