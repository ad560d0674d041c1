import CryptoCore
import Failures
import Foundation
import KeyOperations
import PKCS11Tokens
import TestSupport
import Testing

/// How often a PIN is asked, and how often the module is given one.
struct LoginTests {
    private func open(_ module: FakeModule, _ answers: Answers) throws -> TokenKeys {
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        _ = try keys.open(module.uri, asking: answers)
        return keys
    }

    @Test func `one PIN is enough for a process`() async throws {
        let module = try await FakeModule()
        let answers = Answers(pins: ["1234"])
        let keys = try open(module, answers)
        for _ in 0..<3 {
            _ = try keys.sign(.statement([1]), with: module.uri, asking: answers)
        }
        #expect(module.log == ["login"])
        #expect(
            answers.questions == [
                "PIN of the token pkcs11:token=fake;serial=77?module-path=\(module.path)"
            ]
        )
    }

    @Test func `logs in again where the token lost the login`() async throws {
        let module = try await FakeModule(["LOSES_LOGIN"])
        let answers = Answers(pins: ["1234"])
        let keys = try open(module, answers)
        for _ in 0..<2 {
            _ = try keys.sign(.statement([1]), with: module.uri, asking: answers)
        }
        #expect(module.log == ["login", "login"])
        #expect(answers.questions.count == 1)
    }

    @Test func `after a wrong PIN the token is given no other`() async throws {
        let module = try await FakeModule()
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        let answers = Answers(pins: ["1235", "1234"])
        for _ in 0..<2 {
            let error = #expect(throws: PKCS11Error.self) {
                try keys.open(module.uri, asking: answers)
            }
            #expect(error?.code == .wrongSecret)
        }
        #expect(module.log == ["login"])
        #expect(answers.questions.count == 1)
    }

    @Test(arguments: ["", nil])
    func `no PIN is no login`(pin: String?) async throws {
        let module = try await FakeModule()
        let error = #expect(throws: PKCS11Error.self) {
            _ = try open(module, Answers(pins: pin.map { [$0] } ?? []))
        }
        #expect(error?.code == .cancelled)
        #expect(module.log.isEmpty)
    }

    @Test(arguments: ["FINAL_TRY", "COUNT_LOW"])
    func `asks before one of the last tries`(flag: String) async throws {
        let module = try await FakeModule([flag])
        let refusing = Answers(pins: ["1234"], says: false)
        let error = #expect(throws: PKCS11Error.self) { _ = try open(module, refusing) }
        #expect(error?.code == .refused)
        #expect(module.log.isEmpty)
        let answers = Answers(pins: ["1234"])
        _ = try open(module, answers)
        #expect(answers.questions.count == 2)
    }

    @Test func `a locked token is not tried`() async throws {
        let module = try await FakeModule(["LOCKED"])
        let answers = Answers(pins: ["1234"])
        let error = #expect(throws: PKCS11Error.self) { _ = try open(module, answers) }
        #expect(error?.code == .locked)
        #expect(module.log.isEmpty && answers.questions.isEmpty)
    }

    @Test func `a reader with keys asks for the PIN itself`() async throws {
        let module = try await FakeModule(["PROTECTED"])
        let answers = Answers()
        _ = try open(module, answers)
        #expect(module.log == ["login at reader"])
        #expect(answers.questions.count == 1)
    }

    @Test func `a key that wants a PIN for each use gets one`() async throws {
        let module = try await FakeModule(["ALWAYS_AUTHENTICATE"])
        let answers = Answers(pins: ["1234", "1234", "1234"])
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        #expect(try keys.open(module.uri, asking: answers).asksForEachUse)
        for _ in 0..<2 {
            _ = try keys.sign(.statement([1]), with: module.uri, asking: answers)
        }
        #expect(module.log == ["login", "login for one use", "login for one use"])
        #expect(answers.questions.count == 3)
    }
}
