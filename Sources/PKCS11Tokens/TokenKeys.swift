internal import CPKCS11
internal import CryptoCore
internal import Failures

/// The tokens and keys that one process uses.
///
/// It owns the modules, and the sessions that keep the logins. One thread at a time uses it.
public final class TokenKeys {
    private let environment: String?
    private var modules: [String: PKCS11Module] = [:]
    private var logins: [TokenURI: Session] = [:]
    private var keys: [String: TokenKey] = [:]
    let pins = PINs()

    /// The longest label of a new key, in bytes.
    static let largestLabelByteCount = 128

    /// Takes the value of `PKCS11Module.environmentVariable`.
    public init(moduleFromEnvironment environment: String?) { self.environment = environment }

    /// Returns the token that a URI names, logged in.
    ///
    /// Throws `PKCS11Error` if no token fits, or several, or if the login fails.
    func token(_ uri: TokenURI, asking dialogue: any TokenDialogue) throws(PKCS11Error) -> Token {
        let token = try module(uri.modulePath).token(uri)
        try logIn(token, asking: dialogue)
        return token
    }

    /// Returns the token that a URI names, without a login.
    func present(_ uri: TokenURI) throws(PKCS11Error) -> Token {
        try module(uri.modulePath).token(uri)
    }

    func logIn(_ token: Token, asking dialogue: any TokenDialogue) throws(PKCS11Error) {
        let session: Session
        if let open = logins[token.uri] { session = open } else { session = try Session(token) }
        do throws(PKCS11Error) {
            try pins.logIn(session, token, asking: dialogue)
            logins[token.uri] = session
        } catch {
            // A session from before the token was taken out is of no use any more.
            guard error.code == .unavailable, logins.removeValue(forKey: token.uri) != nil else {
                throw error
            }
            try logIn(token, asking: dialogue)
        }
    }

    private func module(_ path: String?) throws(PKCS11Error) -> PKCS11Module {
        if let module = modules[path ?? ""] { return module }
        let module = try PKCS11Module(path: path, environment: environment)
        modules[path ?? ""] = module
        return module
    }

    /// Calls `use` with the key that a reference names.
    ///
    /// A key that was used before may be gone, or its token taken out and in again: then it is
    /// searched once more. Throws `PKCS11Error` if it is not there, and what `use` throws.
    func withKey<Result: ~Copyable>(
        _ reference: String,
        asking dialogue: any TokenDialogue,
        _ use: (TokenKey) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        if let known = keys[reference] {
            do throws(PKCS11Error) {
                return try use(known)
            } catch {
                guard error.code == .unavailable || error.code == .notFound else { throw error }
                keys = [:]
                logins[known.token.uri] = nil
            }
        }
        let uri = try TokenURI(parsing: reference)
        // The user named a module that is loaded already. A file of a home must not name another
        // one, which may be anything that a program of the user's has written.
        if let path = uri.modulePath, path != environment, modules[path] == nil {
            try ModuleTrust.requireOfRoot(path)
        }
        let key = try find(uri, asking: dialogue)
        try key.examine()
        let result = try use(key)
        keys[reference] = key
        return result
    }

    /// Forgets a key that was deleted.
    func forget(_ reference: String) { keys[reference] = nil }

    private func find(
        _ uri: TokenURI,
        asking dialogue: any TokenDialogue
    ) throws(PKCS11Error) -> TokenKey {
        let token = try token(uri, asking: dialogue)
        let fitting = try keys(uri, in: Session(token), of: token)
        guard let key = fitting.first else { throw PKCS11Error.noKey(uri) }
        guard fitting.count == 1 else { throw PKCS11Error.severalKeys(uri, fitting.map(\.uri)) }
        return key
    }

    /// Returns the private RSA keys of a token that fit a URI; throws `PKCS11Error` if it fails.
    func keys(
        _ uri: TokenURI,
        in session: Session,
        of token: Token
    ) throws(PKCS11Error) -> [TokenKey] {
        let type = uri.attributes[.type] ?? Array("private".utf8)
        guard type == Array("private".utf8) else { throw PKCS11Error.wrongType(uri) }
        let template = TokenKeys.template(
            CK_OBJECT_CLASS(CKO_PRIVATE_KEY),
            id: uri.attributes[.id],
            label: uri.attributes[.object]
        )
        var fitting: [TokenKey] = []
        for object in try session.objects(template) {
            guard let key = try TokenKey(object, in: session, of: token) else { continue }
            // Modules exist that ignore a part of the template.
            if let id = uri.attributes[.id], id != key.id { continue }
            if let label = uri.attributes[.object], label != key.label { continue }
            fitting.append(key)
        }
        return fitting
    }

    /// The template that finds RSA keys of one class.
    static func template(
        _ objectClass: CK_OBJECT_CLASS,
        id: [UInt8]? = nil,
        label: [UInt8]? = nil
    ) -> AttributeTemplate {
        var entries: [(CK_ATTRIBUTE_TYPE, AttributeValue)] = [
            (CK_ATTRIBUTE_TYPE(CKA_CLASS), .number(UInt(objectClass))),
            (CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), .number(UInt(CKK_RSA))),
        ]
        if let id { entries.append((CK_ATTRIBUTE_TYPE(CKA_ID), .data(id))) }
        if let label { entries.append((CK_ATTRIBUTE_TYPE(CKA_LABEL), .data(label))) }
        return AttributeTemplate(entries)
    }
}
