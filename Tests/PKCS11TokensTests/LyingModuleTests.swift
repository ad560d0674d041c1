import CryptoCore
import Failures
import Foundation
import KeyOperations
import PKCS11Tokens
import TestSupport
import Testing

/// Modules that answer with lengths and counts that cannot be right.
struct LyingModuleTests {
    private func keys(_ module: FakeModule) throws -> [TokenKeyDescription] {
        let answers = Answers(pins: ["1234"])
        return try TokenKeys(moduleFromEnvironment: module.path)
            .list(TokenURI(parsing: module.uri), asking: answers)
    }

    @Test func `the fake module has one key`() async throws {
        let module = try await FakeModule()
        let keys = try keys(module)
        #expect(keys.count == 1)
        #expect(
            keys.first?.reference
                == "pkcs11:token=fake;serial=77;id=%05%06;type=private?module-path=\(module.path)"
        )
        #expect(module.log == ["login"])
    }

    @Test(arguments: [
        "LIE_SLOT_COUNT", "LIE_MECHANISM_COUNT", "LIE_FIND_COUNT", "LIE_ENDLESS_FIND",
        "LIE_ID_LENGTH", "LIE_FLAG_LENGTH", "LIE_VERSION", "LIE_NO_LIST",
    ])
    func `a count that cannot be right is an error`(lie: String) async throws {
        let module = try await FakeModule([lie])
        let error = #expect(throws: PKCS11Error.self) { try keys(module) }
        #expect(error?.code == .internalFailure)
    }

    @Test func `a modulus of three bytes is no key`() async throws {
        #expect(try keys(await FakeModule(["LIE_MODULUS_SHORT"])).isEmpty)
    }

    @Test func `a key without an id has its label for a name`() async throws {
        let keys = try keys(await FakeModule(["LIE_ID_UNAVAILABLE"]))
        #expect(keys.first?.reference.contains("object=a%20key") == true)
    }

    @Test(arguments: ["LIE_SIGNATURE_LENGTH", "LACKS_SIGN"])
    func `a signature of another length is an error`(lie: String) async throws {
        let module = try await FakeModule([lie])
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        #expect(throws: PKCS11Error.self) {
            try keys.sign(.statement([1]), with: module.uri, asking: Answers(pins: ["1234"]))
        }
    }

    @Test(arguments: ["LIE_PLAINTEXT_LENGTH", "LIE_PLAINTEXT_EMPTY", "HONEST"])
    func `a plaintext that is no OAEP block does not open`(lie: String) async throws {
        let module = try await FakeModule([lie])
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        let sealed = [UInt8](repeating: 2, count: 256)
        let answers = Answers(pins: ["1234"])
        #expect(throws: PKCS11Error.self) {
            _ = try keys.unwrap(sealed, label: [], with: module.uri, asking: answers)
        }
    }

    @Test func `a new key that could leave the token is deleted`() async throws {
        let module = try await FakeModule(["EXTRACTABLE"])
        let answers = Answers(pins: ["1234"])
        let error = #expect(throws: PKCS11Error.self) {
            try TokenKeys(moduleFromEnvironment: module.path).generate(
                bitCount: 2048,
                label: "alice v1",
                in: TokenURI(parsing: module.uri),
                asking: answers
            )
        }
        #expect(error?.code == .refused)
        #expect(module.log == ["login", "destroy public", "destroy private"])
    }
}
