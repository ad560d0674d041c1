internal import ChatProtocol
internal import CryptoCore
internal import Failures
internal import KeyFormats
internal import KeyOperations
internal import Keystore
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Registry

/// Opens a connection to the server, follows the registries, and exchanges frames.
extension ChatClient {
    func connect() async throws -> Connection {
        // If the user imported the server's key after a rotation, the user's registry does not have
        // the chat's id. The statements in the server's certificate give the id. Then a second
        // connection is opened with a certificate for that id.
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

    /// Applies new lines of the user's own registry to the session.
    ///
    /// Another process may write them, for example `keyctl revoke bob`. They count from the next
    /// message on.
    func followPins() {
        do {
            try keystore.refresh()
            guard session != nil, keystore.registry.count != followedCount else { return }
            followedCount = keystore.registry.count
            perform(session?.follow(keystore.registry.state, at: .now) ?? [])
        } catch {
            // The session must not trust any key while the user's own registry cannot be read.
            end(ChatError.ownRegistry((error as? any ReportableError)?.message))
        }
    }

    /// Writes the server's new statements to the user's own registry; throws `RegistryError` if the
    /// server's new key is weak.
    func followServer(_ news: [Statement]) throws {
        var refusal: RegistryError?
        do { refusal = try keystore.follow(news, as: "follow").refusal } catch let error
            as RegistryError
        {
            refusal = error
        }
        // An attacker who computes a weak private key can impersonate the server.
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

    /// Opens the user's new key after `keyctl rotate` in another process.
    ///
    /// A rotation keeps the data key, so no passphrase is needed.
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
            // The login uses the identity after a rotation in another process.
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
                            // A long registry may take more than `welcomeSeconds` to arrive. So
                            // each part restarts the timer.
                            deadline.cancel()
                            deadline = connection.closeLater(in: ClientLimits.welcomeSeconds)
                        }
                        // A slow output delays the next frame. It does not delay the login.
                        await settle()
                    }
                    if isFinished { break }
                }
            } catch let error as ChatError {
                throw error
            } catch {
                // The connection broke: the caller connects again.
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
        // A client without a reader (`securechat send`) shows only changes since the stored
        // registry, and not the list of members at each start.
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
                    // Another process rotated the key: this process opens the new version.
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
        // Inputs from before the session existed come first. A `leave` among them waits until they
        // are sent.
        let typed = early
        early = []
        for input in typed { apply(input == .leave ? .end : input) }
    }
}
