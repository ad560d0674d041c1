import ChatProtocol
import Registry

/// The content of a login, read on the connection's event loop.
struct LoginRequest: Sendable {
    /// The session's certificate, DER.
    let certificate: [UInt8]
    let hello: WireHello
    /// The statements of the Hello; empty if one of them cannot be read.
    let statements: [Statement]
    /// The address prefix under which failures are counted.
    let prefix: String

    init(_ certificate: [UInt8], _ hello: WireHello, from prefix: AddressPrefix) {
        self.certificate = certificate
        self.hello = hello
        self.prefix = prefix.key
        statements = LoginRequest.statements(hello)
    }

    private static func statements(_ hello: WireHello) -> [Statement] {
        guard hello.statements.count <= ServerLimits.helloStatementCount else { return [] }
        var statements: [Statement] = []
        for line in hello.statements {
            guard let statement = try? Statement(line: Array(line)) else { return [] }
            statements.append(statement)
        }
        return statements
    }
}
