/// The arguments with which git asks its SSH program for a signature:
/// `-Y sign -n NAMESPACE -f KEYFILE [-U] FILE` (git's gpg-interface.c; ssh-keygen(1)).
public struct SSHSignArguments: Sendable, Hashable {
    /// The purpose of the signature; `git` for commits and tags.
    public let namespace: String
    /// The file with the public key.
    public let keyPath: String
    /// The file to sign; the signature is written beside it as `FILE.sig`.
    public let path: String

    /// Reads the arguments; `nil` for any other request, which ssh-keygen answers.
    public init?(_ arguments: [String]) {
        var options: [Character: String] = [:]
        var files: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                files.append(argument)
                continue
            }
            if argument == "-U" { continue }  // the key is in an agent
            guard argument.count == 2, let letter = argument.last, "Ynf".contains(letter),
                options[letter] == nil, let value = rest.popFirst()
            else { return nil }
            options[letter] = value
        }
        guard options["Y"] == "sign", let namespace = options["n"], let key = options["f"],
            files.count == 1, files[0] != "-"
        else { return nil }
        self.namespace = namespace
        keyPath = key
        path = files[0]
    }
}
