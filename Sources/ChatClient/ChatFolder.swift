internal import ChatProtocol
public import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
public import Keystore

/// What a home keeps of one chat: the server's registry as it was shown, each reader's place, and
/// the evidence of a fork, while there is one.
public struct ChatFolder: Sendable {
    let path: String
    let registryPath: String
    private let home: Home
    private var forkPath: String { path + "/fork" }

    /// Names the folder of a chat; nothing is made yet.
    public init(home: Home, chat: SHA256Digest) {
        self.home = home
        path = "\(home.chatPath)/\(chat)"
        registryPath = path + "/registry"
    }

    func prepare() throws { try DurableFile.makeFolder(path) }

    // MARK: A fork

    /// Throws `ChatError` while a fork that was found here is not cleared: the server may show one
    /// history to some and another to others.
    func requireNoFork(_ server: KeyName) throws {
        guard DurableFile.exists(forkPath) else { return }
        let kept = try? DurableFile.read(forkPath, limit: ClientLimits.largestForkByteCount)
        let lines = String(decoding: kept ?? [], as: UTF8.self).split(separator: "\n")
        let told = lines.first { $0.hasPrefix(ForkRecord.messageField) }
            .map { Printable.text(String($0.dropFirst(ForkRecord.messageField.count)), limit: 400) }
        throw ChatError.forkIsKept(server, told ?? "another history than before", forkPath)
    }

    /// Keeps the evidence; the first fork stays.
    func keep(_ record: ForkRecord) throws {
        guard !DurableFile.exists(forkPath) else { return }
        try DurableFile.replace(forkPath, with: record.encoded.borrowedBytes)
    }

    // MARK: Beginning anew

    /// Sets aside everything that was seen of the chat, the evidence of a fork with it; returns the
    /// folder that it stands in from then on, or `nil` where nothing was seen.
    ///
    /// Throws `ChatError` while a client is connected.
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
