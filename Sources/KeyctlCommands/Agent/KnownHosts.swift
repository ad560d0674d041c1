internal import Agent
internal import AgentClient
internal import AgentProtocol
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// The keys of hosts that this user knows, looked up with `ssh-keygen -F`.
enum KnownHosts {
    private static let largestByteCount = 1 << 20
    private static let program = "/usr/bin/ssh-keygen"

    /// Reads `[user@]host` or `via>[user@]host`; throws `CommandError` where no key is known.
    static func constraint(_ text: String) throws -> DestinationConstraint {
        let hops = text.split(separator: ">", omittingEmptySubsequences: false)
        guard hops.count <= 2, let last = hops.last else { throw CommandError.badHost(text) }
        let from = hops.count == 2 ? try end(hops[0], text) : .origin
        guard !hops[0].contains("@") || hops.count == 1 else { throw CommandError.badHost(text) }
        return DestinationConstraint(from: from, to: try end(last, text))
    }

    private static func end(
        _ hop: Substring,
        _ text: String
    ) throws -> DestinationConstraint.End {
        let parts = hop.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let user = parts.count == 2 ? String(parts[0]) : nil
        let host = String(parts[parts.count - 1])
        guard user?.isEmpty != true, !host.isEmpty, !host.hasPrefix("-"),
            host.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f })
        else { throw CommandError.badHost(text) }
        let keys = try files.flatMap { try lines(host, $0) }.compactMap(key)
        guard !keys.isEmpty else { throw CommandError.unknownHost(host) }
        return DestinationConstraint.End(user: user, host: host, keys: keys)
    }

    private static var files: [String] {
        let home = AgentAddress.environment("HOME").map { ["\($0)/.ssh/known_hosts"] } ?? []
        return (home + ["/etc/ssh/ssh_known_hosts"]).filter(DurableFile.exists)
    }

    /// The key of a line `names type base64`; `nil` for comments and marked lines.
    private static func key(_ line: Substring) -> [UInt8]? {
        let words = line.split(separator: " ")
        guard words.count >= 3, !line.hasPrefix("#"), !line.hasPrefix("@") else { return nil }
        return Base64.decode(words[2])
    }

    private static func lines(_ host: String, _ file: String) throws -> [Substring] {
        var ends: [Int32] = [0, 0]
        // SAFETY: pipe writes two descriptors.
        guard unsafe pipe(&ends) == 0 else { throw CommandError.unknownHost(host) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = SpawnedProcess.start(
            program,
            [program, "-F", host, "-f", file],
            descriptors: [STDIN_FILENO: nil, STDOUT_FILENO: ends[1]]
        )
        close(ends[1])
        guard let child else { throw CommandError.unknownHost(host) }
        let output = try DurableFile.readSecretStart(
            descriptor: ends[0],
            name: "ssh-keygen",
            limit: largestByteCount
        ).publicBytes
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }
}

extension CommandError {
    static func badHost(_ text: String) -> CommandError {
        .usage(
            "\"\(text)\" is not a destination",
            hint: "write host, user@host, or via>user@host"
        )
    }

    static func unknownHost(_ host: String) -> CommandError {
        .failed(
            "no key of the host \(host) is in your known_hosts files",
            hint: "log in once, or add its key: ssh-keyscan \(host) >> ~/.ssh/known_hosts"
        )
    }
}
