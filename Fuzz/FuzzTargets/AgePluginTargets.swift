internal import AgeFiles
internal import AgePlugins
internal import CryptoCore

/// Targets for the conversations with plugins of age.
enum AgePluginTargets {
    static let all = [frames, host, plugin]

    /// Messages alone: bytes in, messages out.
    private static let frames = FuzzTarget("age-plugin-frames", seeds: frameSeeds) { bytes in
        var reader = PluginFrameReader(.host)
        var written = PluginFrameWriter()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieceByteCount))
            rest = rest.dropFirst(piece.count)
            reader.add(piece.borrowedBytes)
            while let frame = try reader.next() { written.add(frame) }
        }
        // A last message may be incomplete.
        let again = written.finish().publicBytes
        try FuzzFault.require(
            bytes.starts(with: again),
            "messages are written otherwise than they were read"
        )
        return again.isEmpty ? nil : again
    }

    /// What a plugin says to the host, in both state machines.
    private static let host = FuzzTarget("age-plugin-host", seeds: hostSeeds) { bytes in
        let name = try AgePluginName("test")
        let identity = AgePlugin.Identity(name)
        let stanza = AgeStanza(type: "test", arguments: [], body: [])
        var unwrapping = IdentityConversation(name, unwrapping: [stanza], with: [identity])
        if try talk(bytes, &unwrapping), let fileKey = unwrapping.finish() {
            return fileKey.publicBytes
        }
        guard let recipient = try identity.makeRecipient() as? AgePlugin.Recipient else {
            return nil
        }
        let fileKey = AgePayloadSeed.fileKey
        var wrapping = RecipientConversation(
            name,
            wrapping: fileKey.borrowedBytes,
            for: [recipient]
        )
        guard try talk(bytes, &wrapping) else { return nil }
        let result = try wrapping.finish()
        return Array("\(result.stanzas) \(result.labels.sorted())".utf8)
    }

    /// What a host says to our plugin.
    private static let plugin = FuzzTarget("age-plugin-request", seeds: requestSeeds) { bytes in
        var reader = PluginFrameReader(.plugin)
        reader.add(bytes.borrowedBytes)
        var request = IdentityRequest()
        while let frame = try reader.next() {
            guard try request.receive(frame) else {
                let files = request.files.map { "\($0.index) \($0.stanzas)" }
                return Array("\(request.identities.count) \(files)".utf8)
            }
        }
        return nil
    }

    /// Plays all messages, and returns whether the plugin finished.
    private static func talk<Conversation: HostConversation & ~Copyable>(
        _ bytes: [UInt8],
        _ conversation: inout Conversation
    ) throws -> Bool {
        var reader = PluginFrameReader(.host)
        reader.add(bytes.borrowedBytes)
        while let frame = try? reader.next() {
            guard let action = try? conversation.receive(frame) else { return false }
            switch consume action {
            case .finish: return conversation.reported == nil
            case .answer: continue
            case .ask: continue
            }
        }
        return false
    }

    // MARK: Seeds

    private static let pieceByteCount = 97

    private static func bytes(_ frames: [(String, [String], String)]) -> [UInt8] {
        var writer = PluginFrameWriter()
        for (type, arguments, text) in frames {
            writer.add(PluginFrame(type, arguments, text: text))
        }
        return writer.finish().publicBytes
    }

    private static let fileKeyText = "0123456789abcdef"

    private static func frameSeeds(_ world: FuzzWorld) -> [[UInt8]] {
        [
            bytes([("done", [], "")]),
            bytes([("grease-1", ["2", "3"], String(repeating: "x", count: 100)), ("ok", [], "a")]),
        ]
    }

    private static func hostSeeds(_ world: FuzzWorld) -> [[UInt8]] {
        [
            bytes([
                ("msg", [], "hello"), ("confirm", ["eWVz", "bm8"], "sure?"),
                ("request-secret", [], "PIN"), ("grease-1", [], ""),
                ("file-key", ["0"], fileKeyText), ("done", [], ""),
            ]),
            bytes([
                ("labels", ["postquantum"], ""), ("recipient-stanza", ["0", "test", "a"], "body"),
                ("done", [], ""),
            ]),
        ]
    }

    private static func requestSeeds(_ world: FuzzWorld) -> [[UInt8]] {
        [
            bytes([
                ("add-identity", ["AGE-PLUGIN-KEYCTL-14H920T"], ""),
                ("recipient-stanza", ["0", "ssh-rsa", "AAAA"], "body"),
                ("recipient-stanza", ["1", "X25519", "AAAA"], "body"), ("done", [], ""),
            ])
        ]
    }
}
