import AgeFiles
import CryptoCore
import Failures
import Glibc
import TestSupport
import Testing

@testable import AgePlugins

/// The host with programs: scripts of the shell in a folder of their own.
struct AgePluginHostTests {
    private struct Nobody: AgePluginDialogue {
        func show(_ message: String, from plugin: AgePluginName) -> Bool { false }
        func confirm(
            _ message: String,
            yes: String,
            no: String?,
            from plugin: AgePluginName
        )
            -> Bool?
        { nil }
        func publicText(_ message: String, from plugin: AgePluginName) -> String? { nil }
        func secret(_ message: String, from plugin: AgePluginName) -> SecretBytes? { nil }
    }

    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private func error(
        _ script: String,
        answerTime: Duration = .seconds(20)
    ) throws -> AgePluginError? {
        let folder = try TemporaryFolder()
        let path = folder.path + "/age-plugin-test"
        try write("#!/bin/sh\n" + script, to: path)
        let host = AgePluginHost(path: folder.path, user: Nobody(), answerTime: answerTime)
        return failure(host)
    }

    private func failure(_ host: AgePluginHost) -> AgePluginError? {
        do {
            let identity = AgePlugin.Identity(try AgePluginName("test"))
            _ = try host.unwrap([], with: [identity])?.count
        } catch { return error as? AgePluginError }
        return nil
    }

    private func write(_ text: String, to path: String, mode: mode_t = 0o755) throws {
        let file = unsafe fopen(path, "w")
        unsafe fputs(text, file)
        unsafe fclose(file)
        unsafe chmod(path, mode)
    }

    @Test func `gives up on a plugin that is silent`() throws {
        let failure = try error("exec sleep 1000", answerTime: .milliseconds(100))
        #expect(failure?.message.contains("did not answer within") == true)
    }

    @Test func `gives up on a plugin that closes its pipes and stays`() throws {
        let failure = try error("exec <&- >&-; trap '' TERM; while :; do sleep 1000; done")
        #expect(failure?.code == .misbehaved)
    }

    @Test func `says how a plugin ended, and what it wrote`() throws {
        let failure = try error("echo 'no \u{1b}[31mkey' >&2; exit 3")
        #expect(failure?.message.contains("age-plugin-test ended with status 3") == true)
        #expect(failure?.hint == "age-plugin-test says: no [31mkey")
    }

    @Test func `a plugin that opens nothing is no failure`() throws {
        #expect(try error("printf -- '-> done\\n\\n'; cat >/dev/null") == nil)
    }

    @Test func `finds programs in absolute folders alone`() throws {
        let folder = try TemporaryFolder()
        try write("", to: folder.path + "/age-plugin-test", mode: 0o644)
        let name = try AgePluginName("TEST")
        for path in ["", ":", ".", "bin", "..", ":relative:.", "/nonexistent"] {
            #expect(throws: AgePluginError.self) {
                _ = try PluginSearch(path: path).program(of: name)
            }
        }
        let blocked = AgePluginHost(path: folder.path, user: Nobody())
        #expect(failure(blocked)?.code == .missing)
        #expect(failure(blocked)?.hint?.contains("not executable") == true)
        unsafe chmod(folder.path + "/age-plugin-test", 0o755)
        let found = try PluginSearch(path: ".:\(folder.path)").program(of: name)
        #expect(found == folder.path + "/age-plugin-test")
    }

    @Test(arguments: ["../x", "x/y", "", "/bin/sh", "x y", "ä", "a\0b"])
    func `knows what is no name of a plugin`(_ text: String) {
        #expect(throws: AgeError.self) { _ = try AgePluginName(text) }
    }
}
