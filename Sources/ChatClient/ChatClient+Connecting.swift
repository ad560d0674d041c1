internal import ChatProtocol
internal import CryptoCore
internal import Failures
internal import KeyFormats
internal import KeyOperations
internal import Keystore
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Registry

/// The way to a connection, and what is said over it.
extension ChatClient {
    func connect() async throws -> Connection {
        // A pin that was made after a rotation does not know the chat's true id yet: the server's
        // own statements tell it, and the second connection is made for it.
        var known: SHA256Digest?
        while true {
            try keystore.refresh()
            let pin = try ServerPin(
                registry: keystore.registry.state,
                name: configuration.serverName
            )
            guard let chat = known ?? pin.chat else {
                throw ChatError.unknownServer(configuration.serverName)
            }
            try ChatFolder(home: keystore.home, chat: chat)
                .requireNoFork(configuration.serverName)
            let keys = try sessionKeys(chat: chat)
            let connection = try await Connection.open(
                host: configuration.host,
                port: configuration.port,
                pin: pin,
                keys: keys,
                group: group,
                becameWritable: { [weak self] in Task { await self?.becameWritable() } }
            )
            do {
                let news = connection.verdict.news
                if !news.isEmpty { try followServer(news) }
                guard connection.verdict.chat == chat else {
                    guard known == nil else { throw ChatError.changingServer }
                    known = connection.verdict.chat
                    await connection.discard()
                    continue
                }
                if session == nil { try prepare(chat: chat) }
            } catch {
                await connection.discard()
                throw error
            }
            return connection
        }
    }

    /// Takes up what one's own registry says by now: `keyctl revoke bob` in another process counts
    /// from the next message on, whatever read the registry's new lines first.
    func followPins() {
        do {
            try keystore.refresh()
            guard session != nil, keystore.registry.count != followedCount else { return }
            followedCount = keystore.registry.count
            perform(session?.follow(keystore.registry.state, at: .now) ?? [])
        } catch {
            // One's own registry cannot be read: nobody may be trusted by what it said before.
            end(ChatError.ownRegistry((error as? any ReportableError)?.message))
        }
    }

    /// Takes in the server's own statements; throws `RegistryError` where its new key is weak.
    func followServer(_ news: [Statement]) throws {
        var refusal: RegistryError?
        do { refusal = try keystore.follow(news, as: "follow").refusal } catch let error
            as RegistryError
        {
            refusal = error
        }
        // An attacker who computes a weak private key can pass for the server.
        guard let refusal, refusal.code == .weakKey || refusal.code == .tooMuchWork else { return }
        throw refusal
    }

    func sessionKeys(chat: SHA256Digest) throws -> SessionKeys {
        let now = Timestamp.now
        try followOwnRotation()
        let unlocked = unlocked.withLockedValue { $0 }
        if let keys, keys.certificate.chat == chat,
            keys.certificate.version == unlocked.record.identity.latest.number,
            now.seconds - keysMade.seconds < ChatClient.renewSeconds
        {
            return keys
        }
        let record = unlocked.record
        let made = try SessionKeys(
            use: .client,
            identity: record.identity.id,
            chat: chat,
            version: record.signingVersion(at: now).number,
            statements: [],
            issuer: unlocked.signingKey(at: now),
            now: now.seconds
        )
        keys = made
        keysMade = now
        return made
    }

    /// `keyctl rotate` in another process: the data key stays, so no passphrase is needed.
    func followOwnRotation() throws {
        let present = unlocked.withLockedValue { $0 }
        guard try keystore.record(present.record.name).chain.count != present.record.chain.count,
            let reopened = try? keystore.reopen(present)
        else { return }
        unlocked.withLockedValue { $0 = reopened }
    }

    func converse(_ connection: Connection) async throws {
        guard let keys else { return }
        try await connection.channel.executeThenClose { inbound, _ in
            channel = connection.channel.channel
            let renewal = connection.closeLater(
                in: ChatClient.renewSeconds - (Timestamp.now.seconds - keysMade.seconds)
            )
            defer { renewal.cancel() }
            var deadline = connection.closeLater(in: ClientLimits.welcomeSeconds)
            defer { deadline.cancel() }
            followPins()
            guard !isFinished else { return }
            // The session presents the identity as it is now.
            let record = unlocked.withLockedValue { $0.record }
            perform(
                session?.connected(
                    keys: keys,
                    own: OwnIdentity(identity: record.identity, statements: record.chain),
                    serverKey: connection.verdict.key
                ) ?? []
            )
            var decoder = FrameDecoder(limit: FrameCodec.limit)
            do {
                for try await buffer in inbound {
                    decoder.receive(buffer.readableBytesView)
                    while !isFinished, let frame = try decoder.next() {
                        receive(frame)
                        if isAdmitted {
                            deadline.cancel()
                        } else if case .registryUpdate? = frame.kind {
                            // A long registry takes its time before the welcome.
                            deadline.cancel()
                            deadline = connection.closeLater(in: ClientLimits.welcomeSeconds)
                        }
                        // A reader that is slow holds up the next frame, and not the login.
                        await settle()
                    }
                    if isFinished { break }
                }
            } catch let error as ChatError {
                throw error
            } catch {
                // The connection broke.
            }
            guard isAdmitted || isFinished else {
                throw ChatError.unreachable(
                    "\(configuration.host):\(configuration.port)",
                    "it closed the connection, or said nothing, before the login was complete"
                )
            }
        }
    }

    func prepare(chat: SHA256Digest) throws {
        let unlocked = unlocked
        let keystore = keystore
        let record = unlocked.withLockedValue { $0.record }
        let user = record.name
        let folder = ChatFolder(home: keystore.home, chat: chat)
        try folder.prepare()
        let reader = try configuration.reader.map {
            try ChatReader($0, of: user, in: folder.path)
        }
        if reader?.isOwner == false, let name = configuration.reader {
            output.show(.error(ChatError.readerInUse(name)))
        }
        let mirror = try RegistryMirror(path: folder.registryPath)
        let directory = MemberDirectory(
            chat: chat,
            mirror: mirror.registry.state,
            tree: mirror.registry.tree,
            pins: keystore.registry.state,
            pinnedOnly: configuration.pinnedOnly
        )
        // Somebody who only says something is told what changes meanwhile, not each time who is there.
        let isKnown = configuration.reader == nil && mirror.registry.count > 0
        session = Session(
            setup: SessionSetup(
                user: user,
                identity: record.identity.id,
                chat: chat,
                serverName: configuration.serverName,
                room: ChatClient.roomName,
                asksBeforeNewReaders: configuration.isAttended,
                beginsAtHead: reader == nil,
                open: { version, label, sealed in
                    let present = unlocked.withLockedValue { $0 }
                    if let key = try? present.key(version: version) {
                        return try? key.unwrap(sealed, label: label)
                    }
                    // Rotated in another process: its key is there to be opened.
                    guard let reopened = try? keystore.reopen(present),
                        let key = try? reopened.key(version: version)
                    else { return nil }
                    unlocked.withLockedValue { $0 = reopened }
                    return try? key.unwrap(sealed, label: label)
                }
            ),
            directory: directory,
            told: reader?.view
                ?? (isKnown ? directory.view(of: ChatClient.roomName, at: .now) : nil),
            position: reader?.place
        )
        followedCount = keystore.registry.count
        self.folder = folder
        self.reader = reader
        self.mirror = mirror
        // What was typed before there was a session comes first, and leaving waits for it.
        let typed = early
        early = []
        for input in typed { apply(input == .leave ? .end : input) }
    }
}
