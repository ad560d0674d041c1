public import CryptoCore
internal import KeyFormats

/// Recipients and identities of age's plugins, `age1NAME1…` and `AGE-PLUGIN-NAME-1…` (C2SP
/// age-plugin): a program wraps and unwraps for them, which an `AgePluginRunner` runs.
public struct AgePlugin: RecipientKind {
    /// Its name in the table: the plugin chooses the types of its stanzas.
    public let stanzaType = "age-plugin-*"
    /// What it is.
    public let title = "recipient of a plugin of age"
    /// How its identities begin; the plugin's name follows.
    public let identityPrefix: String? = "AGE-PLUGIN-"
    /// The plugin tells it when it wraps.
    public let company: RecipientCompany? = nil
    private static let publicPrefix = "age1"
    private static let privatePrefix = "age-plugin-"
    private static let largestCharacterCount = 8192

    /// Takes nothing: there is one.
    public init() {}

    /// The name and the `1` behind it belong to the prefix.
    public func prefixCount(ofRecipient text: String) -> Int? {
        guard text.hasPrefix(AgePlugin.publicPrefix),
            let separator = text.utf8.lastIndex(of: UInt8(ascii: "1"))
        else { return nil }
        let count = text.utf8.distance(from: text.utf8.startIndex, to: separator) + 1
        return count > AgePlugin.publicPrefix.utf8.count ? count : nil
    }

    /// Reads `age1NAME1…`; throws `AgeError` for anything else.
    public func recipient(_ text: String) throws -> any AgeRecipient { try Recipient(text) }

    /// Reads `AGE-PLUGIN-NAME-1…`; `nil` for anything else.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { Identity(text) }

    /// A recipient `age1NAME1…`, or an identity that is encrypted for.
    public struct Recipient: AgeRecipient {
        /// What the plugin is given.
        public enum Source: Sendable {
            /// The recipient's text.
            case recipient(String)
            /// An identity, whose recipient the plugin finds.
            case identity(Identity)
        }

        private static let shownCharacterCount = 40

        /// The plugin that wraps for it.
        public let plugin: AgePluginName
        /// What the plugin is given.
        public let source: Source
        /// How it wraps file keys.
        public var kind: any RecipientKind { AgePlugin() }

        /// Reads `age1NAME1…`; throws `AgeError` for anything else.
        public init(_ text: String) throws(AgeError) {
            guard text == text.lowercased(),
                let found = Bech32.decode(
                    Array(text.utf8).borrowedBytes,
                    limit: largestCharacterCount
                ), found.prefix.hasPrefix(publicPrefix)
            else { throw AgeError.notARecipient(text) }
            plugin = try AgePluginName(found.prefix.dropFirst(publicPrefix.count))
            source = .recipient(text)
        }

        init(_ identity: Identity) {
            plugin = identity.plugin
            source = .identity(identity)
        }

        /// The text's first characters.
        public var name: String {
            switch source {
            case .recipient(let text) where text.count > Recipient.shownCharacterCount:
                "\(text.prefix(Recipient.shownCharacterCount))…"
            case .recipient(let text): text
            case .identity: "an identity of the plugin \(plugin)"
            }
        }

        /// The text; an identity is not shown, but a part of its hash.
        public var text: String {
            switch source {
            case .recipient(let text): text
            case .identity(let identity): "\(name) (\(identity.mark))"
            }
        }

        /// The text, or the whole hash of an identity.
        public var distinctText: String {
            switch source {
            case .recipient(let text): text
            case .identity(let identity): "\(name) (\(Hexadecimal.encode(identity.digest)))"
            }
        }

        /// Throws `AgeError`: its plugin wraps, and an `AgePluginRunner` runs it.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            throw AgeError.pluginNotRun(plugin)
        }
    }

    /// An identity `AGE-PLUGIN-NAME-1…`.
    public struct Identity: AgeIdentity, Sendable {
        private static let markByteCount = 4

        /// The plugin that opens files with it.
        public let plugin: AgePluginName
        private let line: BechData
        private let content: BechData

        /// Reads `AGE-PLUGIN-NAME-1…`; `nil` for anything else.
        public init?(_ text: RawSpan) {
            guard let found = Bech32.decode(text, limit: largestCharacterCount),
                found.prefix.hasPrefix(privatePrefix), found.prefix.hasSuffix("-"),
                found.prefix.count > privatePrefix.count,
                let plugin = try? AgePluginName(
                    found.prefix.dropFirst(privatePrefix.count).dropLast()
                )
            else { return nil }
            self.plugin = plugin
            line = BechData(copying: text)
            content = found.data
        }

        /// An identity of a plugin with data of the plugin's own, which is not secret.
        ///
        /// Without data, it stands for whatever the plugin has.
        public init(_ plugin: AgePluginName, data: [UInt8] = []) {
            self.plugin = plugin
            let prefix = "\(privatePrefix)\(plugin)-"
            let text = Bech32.secretText(prefix: prefix, data.borrowedBytes)
            line = BechData(copying: text.bytes)
            content = BechData(copying: data.borrowedBytes)
        }

        /// What it is called in messages.
        public var name: String { "the plugin \(plugin)" }

        /// Calls `body` with the text, which may be secret.
        public func withText<Result: ~Copyable, Failure: Error>(
            _ body: (RawSpan) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try line.bytes.withBytes(body)
        }

        /// Calls `body` with the plugin's data, which may be secret.
        public func withData<Result: ~Copyable, Failure: Error>(
            _ body: (RawSpan) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try content.bytes.withBytes(body)
        }

        /// The hash of the text.
        var digest: [UInt8] {
            let digest = line.bytes.withBytes { SHA256Digest(hashing: $0) }
            return Array(digest.bytes)
        }

        /// Some digits that tell identities apart, for messages.
        var mark: String { Hexadecimal.encode(Array(digest.prefix(Identity.markByteCount))) }

        /// The recipient that the plugin finds for it.
        public func makeRecipient() throws -> (any AgeRecipient)? { Recipient(self) }

        /// Throws `AgeError`: its plugin unwraps, and an `AgePluginRunner` runs it.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            throw AgeError.pluginNotRun(plugin)
        }
    }
}
