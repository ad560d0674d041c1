import CryptoCore
import KeyFormats
import Testing

@testable import AgeFiles

struct RecipientKindTests {
    @Test func `has one entry a stanza type, and one a prefix`() {
        let types = RecipientKinds.all.map(\.stanzaType)
        #expect(Set(types).count == types.count)
        let recipients = RecipientKinds.all.compactMap(\.recipientPrefix)
        #expect(Set(recipients).count == recipients.count)
        let identities = RecipientKinds.all.compactMap(\.identityPrefix)
        #expect(Set(identities).count == identities.count)
        for type in types { #expect(RecipientKinds.kind(ofType: type)?.stanzaType == type) }
        #expect(RecipientKinds.kind(ofType: "grease") == nil)
    }

    @Test func `takes the kind with the longest prefix`() {
        let found = [
            "age1pq1xyz", "age1xyz", "age1yubikey1xyz", "age1se.x+1_-1x", "ssh-rsa AAAA", "alice",
            "age",
        ].map {
            RecipientKinds.kind(ofRecipient: $0)?.stanzaType
        }
        #expect(
            found == [
                "mlkem768x25519", "X25519", "age-plugin-*", "age-plugin-*", "ssh-rsa", nil, nil,
            ]
        )
    }

    @Test func `reads identities of plugins and writes the same text`() throws {
        for name in ["yubikey", "se", "a-b.c_d+e"] {
            for data in [[], [1, 2, 3], [UInt8](repeating: 9, count: 500)] as [[UInt8]] {
                let identity = AgePlugin.Identity(try AgePluginName(name), data: data)
                let text = identity.withText { SecretBytes(copying: $0).publicBytes }
                let prefix = "AGE-PLUGIN-\(name.uppercased())-1"
                #expect(String(decoding: text, as: UTF8.self).hasPrefix(prefix))
                let again = RecipientKinds.identity(text.borrowedBytes) as? AgePlugin.Identity
                #expect(again?.plugin.description == name)
                let read = again?.withData { SecretBytes(copying: $0).publicBytes }
                #expect(read == data)
            }
        }
    }

    @Test func `gives plugins nothing to do without a runner`() throws {
        let identity = AgePlugin.Identity(try AgePluginName("test"))
        let recipient = try #require(try identity.makeRecipient())
        let key = [UInt8](repeating: 0, count: AgeHeader.fileKeyByteCount)
        #expect(throws: AgeError.self) { _ = try recipient.wrap(key.borrowedBytes) }
        let stanza = AgeStanza(type: "x", arguments: [], body: [])
        #expect(throws: AgeError.self) { _ = try identity.unwrap(stanza)?.count }
        let other = AgePlugin.Identity(try AgePluginName("test"), data: [1])
        #expect(try recipient.text != other.makeRecipient()?.text)
    }

    @Test func `names stanzas of unknown types by their type`() {
        let stanza = AgeStanza(type: "grease", arguments: [], body: [])
        #expect(RecipientKinds.name(of: stanza) == "somebody with a key of type grease")
    }

    @Test(arguments: RecipientKinds.all.compactMap { ($0 as? any AgeKeyKind)?.stanzaType })
    func `reads the keys that it makes`(_ type: String) throws {
        let kind = try #require(RecipientKinds.kind(ofType: type) as? any AgeKeyKind)
        let made = try kind.makeIdentity()
        let text = made.text.publicBytes
        let prefix = try #require(kind.identityPrefix)
        #expect(text.starts(with: prefix.utf8))
        let read = RecipientKinds.identity(text.borrowedBytes)
        let identity = try #require(read)
        #expect(identity.recipientText == made.recipient)
        let reader = RecipientKinds.kind(ofRecipient: made.recipient)
        #expect(reader?.stanzaType == type)
        let recipient = try kind.recipient(made.recipient)
        #expect(recipient.text == made.recipient)
        #expect(recipient.name == identity.name)
        let fileKey = [UInt8](repeating: 7, count: AgeHeader.fileKeyByteCount)
        let stanza = try recipient.wrap(fileKey.borrowedBytes)
        #expect(stanza.type == type)
        let opened = try identity.unwrap(stanza)?.publicBytes
        #expect(opened == fileKey)
        let stranger = try kind.makeIdentity()
        let otherRead = kind.identity(stranger.text.bytes)
        let other = try #require(otherRead)
        let closed = try other.unwrap(stanza)?.publicBytes
        #expect(closed == nil)
    }

    /// The key pair of the specification (C2SP age § MLKEM768-X25519); its recipient has 1,959
    /// characters, so its SHA-256 stands here.
    @Test func `makes the specification's recipient from the specification's identity`() throws {
        let text = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
        let read = AgeHybrid().identity(Array(text.utf8).borrowedBytes)
        let recipient = try #require(read?.recipientText)
        #expect(
            recipient.hasPrefix("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87p")
        )
        #expect(
            SHA256Digest(hashing: Array(recipient.utf8)).description
                == "a091dd7e0ee9d62b75173dcc98441a0424baa941e66a8776e570a4ae60ff61ea"
        )
    }

    @Test func `refuses damaged keys`() throws {
        let made = try AgeHybrid().makeIdentity()
        var text = made.text.publicBytes
        text[30] = text[30] == UInt8(ascii: "Q") ? UInt8(ascii: "P") : UInt8(ascii: "Q")
        let damaged = RecipientKinds.identity(text.borrowedBytes)
        #expect(damaged == nil)
        let cut = String(made.recipient.dropLast())
        let mixed = made.recipient.prefix(100).uppercased() + made.recipient.dropFirst(100)
        // The bytes of an X25519 key under the other prefix.
        let short = Bech32.encode(prefix: "age1pq", [UInt8](repeating: 9, count: 32))
        for text in [cut, made.recipient.uppercased(), mixed, short, "age1pq1"] {
            #expect(throws: AgeError.self) { try AgeHybrid().recipient(text) }
        }
    }
}
