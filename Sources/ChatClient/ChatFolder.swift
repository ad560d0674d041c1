internal import ChatProtocol
public import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
public import Keystore

/// The folder in which a home stores one chat.
///
/// It holds a copy of the server's registry, the position of each reader, and the evidence of a
/// fork if one was found.
public struct ChatFolder: Sendable {
    let path: String
    let registryPath: String
    private let home: Home
    private var forkPath: String { path + "/fork" }

    /// Names the folder of a chat; does not create it.
    public init(home: Home, chat: SHA256Digest) {
        self.home = home
        path = "\(home.chatPath)/\(chat)"
        registryPath = path + "/registry"
    }

    func prepare() throws { try DurableFile.makeFolder(path) }

    // MARK: A fork

    /// Throws `ChatError` if the evidence of a fork is stored here.
    ///
    /// After a fork, the server may show different histories to different members.
    func requireNoFork(_ server: KeyName) throws {
        guard DurableFile.exists(forkPath) else { return }
        let kept = try? DurableFile.read(forkPath, limit: ClientLimits.largestForkByteCount)
        let lines = String(decoding: kept ?? [], as: UTF8.self).split(separator: "\n")
        let told = lines.first { $0.hasPrefix(ForkRecord.messageField) }
            .map { Printable.text(String($0.dropFirst(ForkRecord.messageField.count)), limit: 400) }
        throw ChatError.forkIsKept(server, told ?? "another history than before", forkPath)
    }

    /// Stores the evidence of a fork; evidence that is already stored is not replaced.
    func keep(_ record: ForkRecord) throws {
        guard !DurableFile.exists(forkPath) else { return }
        try DurableFile.replace(forkPath, with: record.encoded.borrowedBytes)
    }

    // MARK: Starting again

    /// Renames the folder, with the evidence of a fork; returns the new path, or `nil` if there is
    /// no folder.
    ///
    /// Throws `ChatError` while a client is connected to the chat.
    public func setAside(at time: Timestamp) throws -> String? {
        guard DurableFile.exists(path) else { return nil }
        for file in try DurableFile.names(in: path) where file.hasSuffix(".place") {
            guard !ChatReader.isInUse("\(path)/\(file)") else { throw ChatError.chatInUse }
        }
        let lock = try home.lock()
        var kept = "\(path)+\(time.seconds)"
        var suffix = 1
        while DurableFile.exists(kept) {
            suffix += 1
            kept = "\(path)+\(time.seconds)-\(suffix)"
        }
        try DurableFile.move(path, to: kept)
        _ = consume lock
        return kept
    }
}

extension ChatError {
    static var chatInUse: ChatError {
        ChatError(
            .configuration,
            "a securechat of yours is connected to this chat",
            hint: "stop it first, and then run: securechat reset"
        )
    }

    static func forkIsKept(_ server: KeyName, _ told: String, _ path: String) -> ChatError {
        ChatError(
            .fork,
            "securechat does not connect to \"\(server)\" since it showed two histories: \(told)",
            hint:
                "ask its admin in person what happened (the evidence is in \(path)); if the server "
                + "was restored from a backup or moved: securechat reset --server \(server)"
        )
    }
}
