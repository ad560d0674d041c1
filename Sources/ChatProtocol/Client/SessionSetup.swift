package import CryptoCore
package import KeyFormats

/// The parties of a session, and the options that all its connections share.
package struct SessionSetup {
    /// The name of the user's identity, in the keystore and at the server.
    let user: KeyName
    /// The id of the user's identity.
    let identity: SHA256Digest
    /// The id of the chat, which is the id of the server's identity.
    let chat: SHA256Digest
    /// The server's name in the user's own registry.
    let serverName: KeyName
    let room: String
    /// Whether waiting messages are held until the user agrees to new readers.
    let asksBeforeNewReaders: Bool
    /// Whether the session begins at the end of the log, so that entries before the login are not
    /// sent.
    let beginsAtHead: Bool
    /// Opens a wrap that was made for one of the user's keys.
    let open: WrapOpener

    /// Names the parties and sets the options.
    package init(
        user: KeyName,
        identity: SHA256Digest,
        chat: SHA256Digest,
        serverName: KeyName,
        room: String,
        asksBeforeNewReaders: Bool = false,
        beginsAtHead: Bool = false,
        open: @escaping WrapOpener
    ) {
        self.asksBeforeNewReaders = asksBeforeNewReaders
        self.beginsAtHead = beginsAtHead
        self.user = user
        self.identity = identity
        self.chat = chat
        self.serverName = serverName
        self.room = room
        self.open = open
    }
}
