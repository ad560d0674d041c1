import Failures
import Foundation
import PKCS11Tokens
import TestSupport
import Testing

/// Which files are loaded as modules.
struct ModuleTests {
    private func load(_ path: String) throws {
        _ = try PKCS11Module(path: path, environment: nil)
    }

    @Test func `a path that is not absolute is refused`() {
        let error = #expect(throws: PKCS11Error.self) { try load("libsofthsm2.so") }
        #expect(error?.code == .refused)
    }

    @Test func `a module that is not there is named`() {
        let error = #expect(throws: PKCS11Error.self) { try load("/nowhere/module.so") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("/nowhere/module.so") == true)
    }

    @Test func `a file that others can write is refused`() async throws {
        let module = try await FakeModule()
        for mode in [0o775, 0o757] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode],
                ofItemAtPath: module.path
            )
            let error = #expect(throws: PKCS11Error.self) { try load(module.path) }
            #expect(error?.code == .refused)
        }
    }

    @Test func `a file in a folder that others can write is refused`() async throws {
        let module = try await FakeModule()
        let folder = URL(fileURLWithPath: module.path).deletingLastPathComponent().path
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
        let error = #expect(throws: PKCS11Error.self) { try load(module.path) }
        #expect(error?.code == .refused)
    }

    @Test func `a folder and a file that is no library are refused`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: PKCS11Error.self) { try load(folder.path) }
        let file = try folder.write("a.so", "no library")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let error = #expect(throws: PKCS11Error.self) { try load(file) }
        #expect(error?.code == .unavailable)
    }

    @Test func `a library that is no module is refused`() {
        let error = #expect(throws: PKCS11Error.self) {
            try load("/lib/x86_64-linux-gnu/libc.so.6")
        }
        #expect(error != nil)
    }

    @Test func `the environment names a module where a URI does not`() async throws {
        let module = try await FakeModule()
        let keys = TokenKeys(moduleFromEnvironment: module.path)
        let found = try keys.list(TokenURI(parsing: "token=fake"), asking: Answers(pins: ["1234"]))
        #expect(found.first?.reference == "pkcs11:token=fake;serial=77;id=%05%06;type=private")
    }
}
