import AgeFiles
import CryptoCore
import Failures
import Glibc
import TestSupport
import Testing

@testable import AgePlugins

/// The host with programs: scripts of the shell in a folder of their own.
struct AgePluginHostTests {
    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private func error(
        _ script: String,
        answerTime: Duration = .seconds(20),
        user: ScriptedUser = ScriptedUser(isThere: false)
    ) throws -> AgePluginError? {
        let folder = try TemporaryFolder()
        let path = folder.path + "/age-plugin-test"
        try write("#!/bin/sh\n" + script, to: path)
        var host = AgePluginHost(path: folder.path, user: user, answerTime: answerTime)
        host.noticeTime = .milliseconds(20)
        return failure(host) as? AgePluginError
    }

    private func failure(_ host: AgePluginHost) -> (any Error)? {
        do {
            let identity = AgePlugin.Identity(try AgePluginName("test"))
            _ = try host.unwrap([], with: [identity])?.count
        } catch { return error }
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

    @Test func `has one limit for a message, however slowly it comes`() throws {
        let script = "printf -- '-> msg\\n'; while :; do printf A; sleep 0.02; done"
        let failure = try error(script, answerTime: .milliseconds(300))
        #expect(failure?.message.contains("did not answer within") == true)
    }

    @Test func `tells a user once which plugin takes its time`() throws {
        let user = ScriptedUser()
        let failure = try error("exec sleep 1000", answerTime: .milliseconds(200), user: user)
        #expect(failure?.message.contains("did not answer within") == true)
        #expect(user.seen == ["waiting for age-plugin-test"])
        let nobody = ScriptedUser(isThere: false)
        _ = try error("exec sleep 1000", answerTime: .milliseconds(100), user: nobody)
        #expect(nobody.seen.isEmpty)
    }

    @Test func `shows a question with the plugin's words apart, and gives the answer`() throws {
        let user = ScriptedUser()
        user.answers = ["3", "2"]
        let ask = "printf -- '-> confirm eWVz bm8\\nc3VyZT8\\n'"
        let script = "\(ask); sed -n '/^-> ok no$/q'; printf -- '-> done\\n\\n'; cat >/dev/null"
        #expect(try error(script, user: user) == nil)
        let shown = """
            age-plugin-test says: sure?
            age-plugin-test says: 1 means "yes"
            age-plugin-test says: 2 means "no"
            answer for age-plugin-test, 1 or 2:\u{20}
            """
        #expect(user.seen.filter { $0.contains("answer") } == [shown, shown])
    }

    @Test func `a user who breaks off ends the conversation and the plugin`() throws {
        let folder = try TemporaryFolder()
        let script = "#!/bin/sh\necho $$ >'\(folder.path)/id'; printf -- '-> request-secret\\n\\n'"
        let path = folder.path + "/age-plugin-test"
        try write("\(script); exec sleep 1000", to: path)
        let user = ScriptedUser()
        user.breaksOff = true
        #expect(failure(AgePluginHost(path: folder.path, user: user)) is ScriptedUser.BrokenOff)
        var text = [CChar](repeating: 0, count: 20)
        let file = unsafe fopen(folder.path + "/id", "r")
        unsafe fgets(&text, 20, file)
        unsafe fclose(file)
        let id = unsafe atoi(text)
        #expect(id > 0)
        #expect(kill(id, 0) == -1)
    }

    @Test func `bounds the questions of a conversation`() throws {
        let user = ScriptedUser()
        let failure = try error(
            "while printf -- '-> msg\\neA\\n'; do :; done",
            user: user
        )
        #expect(failure?.message.contains("more than 100 questions") == true)
        #expect(user.seen.filter { $0.contains("says") }.count == 100)
    }

    @Test func `keeps secret variables from a plugin`() throws {
        unsafe setenv("AGE_PLUGIN_TEST_SECRET", "hunter2", 1)
        let folder = try TemporaryFolder()
        let script = "#!/bin/sh\necho \"${AGE_PLUGIN_TEST_SECRET-none}\" >&2; exit 1"
        try write(script, to: folder.path + "/age-plugin-test")
        let user = ScriptedUser(isThere: false)
        for (names, said) in [([], "hunter2"), (["AGE_PLUGIN_TEST_SECRET"], "none")] {
            let host = AgePluginHost(path: folder.path, secretVariables: names, user: user)
            let hint = (failure(host) as? AgePluginError)?.hint
            #expect(hint == "age-plugin-test says: \(said)")
        }
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
        let blocked = AgePluginHost(path: folder.path, user: ScriptedUser(isThere: false))
        let missing = failure(blocked) as? AgePluginError
        #expect(missing?.code == .missing)
        #expect(missing?.hint?.contains("not executable") == true)
        unsafe chmod(folder.path + "/age-plugin-test", 0o755)
        let found = try PluginSearch(path: ".:\(folder.path)").program(of: name)
        #expect(found == folder.path + "/age-plugin-test")
    }

    @Test(arguments: ["../x", "x/y", "", "/bin/sh", "x y", "ä", "a\0b"])
    func `knows what is no name of a plugin`(_ text: String) {
        #expect(throws: AgeError.self) { _ = try AgePluginName(text) }
    }
}
