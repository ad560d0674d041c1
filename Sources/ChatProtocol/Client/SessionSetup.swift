package import CryptoCore
package import KeyFormats

/// Who logs in where, and what stays the same in all connections of a session.
package struct SessionSetup {
    /// The user's name in the server's registry.
    let user: KeyName
    /// The user's identity.
    let identity: SHA256Digest
    /// The chat: the server's identity.
    let chat: SHA256Digest
    /// The server's name in one's own registry.
    let serverName: KeyName
    let room: String
    /// Whether the user is asked before somebody new reads what is typed already.
    let asksBeforeNewReaders: Bool
    /// Whether what was said before the login is left out.
    let beginsAtHead: Bool
    /// Opens what was encrypted to the user's keys.
    let open: WrapOpener

    /// Names the parties.
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
