import AgeFiles
import CryptoCore
import EncryptedFiles
import Failures
import KeyFormats
import Testing

/// Identities of age-plugin-keyctl.
struct PluginIdentityTests {
    private func identity(_ line: String) throws -> AgePlugin.Identity {
        let identity = AgePlugin.Identity(Array(line.utf8).borrowedBytes)
        return try #require(identity)
    }

    @Test func `names an identity of the home`() throws {
        let alice = try KeyName("alice")
        let read = try PluginIdentity.name(of: identity(PluginIdentity.line(of: alice)))
        #expect(read == alice)
        #expect(try PluginIdentity.name(of: AgePlugin.Identity(AgePluginName("keyctl"))) == nil)
    }

    @Test func `refuses an identity of another plugin`() throws {
        let data = [1] + Array("alice".utf8)
        for data in [[], data] {
            let other = try AgePlugin.Identity(AgePluginName("yubikey"), data: data)
            #expect(throws: AgeError.self) { _ = try PluginIdentity.name(of: other) }
        }
    }

    @Test func `refuses other versions and what is no name`() throws {
        for data in [[2], [1], [1, 0xFF], [1, 0x2F]] as [[UInt8]] {
            let wrong = try AgePlugin.Identity(AgePluginName("keyctl"), data: data)
            #expect(throws: AgeError.self) { _ = try PluginIdentity.name(of: wrong) }
        }
    }
}
