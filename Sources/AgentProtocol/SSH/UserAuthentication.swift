internal import CryptoCore
internal import KeyFormats

/// What an SSH client signs to log in (RFC 4252 § 7), parsed to its last byte.
struct UserAuthentication: Equatable {
    private static let request: UInt8 = 50  // SSH_MSG_USERAUTH_REQUEST

    /// The session's id.
    let session: [UInt8]
    /// The user on the server.
    let user: String
    /// The server's key; `nil` without the hostbound method.
    let hostKey: [UInt8]?

    /// Reads a request of the key `blob` for a signature of `algorithm`; `nil` for everything else.
    init?(_ data: [UInt8], key blob: [UInt8], algorithm: String) {
        var reader = SSHReader(data.borrowedBytes)
        guard let session = reader.bytes(),
            (1...AgentLimits.sessionByteCount).contains(session.count),
            reader.byte() == UserAuthentication.request,
            let user = reader.text(limit: AgentLimits.userByteCount), !user.isEmpty,
            reader.bytes() == Array("ssh-connection".utf8),
            let method = reader.text(limit: 64), reader.byte() == 1,
            reader.bytes() == Array(algorithm.utf8), reader.bytes() == blob
        else { return nil }
        switch method {
        case "publickey": hostKey = nil
        case "publickey-hostbound-v00@openssh.com":
            guard let key = reader.bytes(), (1...AgentLimits.keyBlobByteCount).contains(key.count)
            else { return nil }
            hostKey = key
        default: return nil
        }
        guard reader.isAtEnd else { return nil }
        self.session = session
        self.user = user
    }
}
