import Foundation
import TestSupport
import Testing

/// The results of `keyctl verify` for signatures from before and after a rotation and a revocation,
/// logged and not logged.
struct SignatureTableTests {
    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `rotation and revocation decide what a signature is worth`() async throws {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        func run(_ line: String) async throws {
            let result = try await shell(line)
            #expect(result.status == 0, "\(line)\n\(result.errors)")
        }
        // PKCS#1 v1.5 is deterministic, so the logged message must differ from the one that is not.
        try folder.write("m", "a message\n")
        try folder.write("logged", "a message that is logged\n")
        try await run("keyctl gen --user alice --bits 2048 --no-passphrase")
        // Bob knows alice by her first key, and imports everything later.
        try await run("keyctl import home/alice.pub --home bob")
        try await run("keyctl gen --user carol --bits 2048 --no-passphrase --home carol")
        try await run("keyctl import carol/carol.pub && keyctl import carol/carol.pub --home bob")
        try await run("keyctl sign -o v1.sig m && keyctl sign --log -o v1-logged.sig logged")
        try await run("keyctl rotate --out rotation.txt")
        try await run("keyctl sign -o v2.sig m && keyctl sign --log -o v2-logged.sig logged")
        try await run(
            "keyctl import rotation.txt v1-logged.sig.statement v2-logged.sig.statement --home bob"
        )
        let before = try await shell("date -u +%Y-%m-%dT%H:%M:%SZ").output
        // Timestamps have whole seconds, so the revocation must be in a later second.
        try await run("while [ \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" = '\(before)' ]; do :; done")

        struct Case {
            let signature: String
            let options: String
            let status: Int32
            let says: String
        }
        func check(_ moment: String, _ cases: [Case]) async throws {
            for home in ["home", "bob"] {
                for item in cases {
                    let file = item.signature.contains("logged") ? "logged" : "m"
                    let line =
                        "keyctl verify \(item.options) -s \(item.signature) \(file) --home \(home)"
                    let result = try await shell(line)
                    let answer = result.status == 0 ? result.output : result.errors
                    print(
                        "| \(moment) | \(item.signature) | \(item.options) | \(home) "
                            + "| exit \(result.status) | \(answer.split(separator: "\n").first ?? "") |"
                    )
                    #expect(result.status == item.status, "\(moment): \(line)\n\(answer)")
                    #expect(answer.contains(item.says), "\(moment): \(line)\n\(answer)")
                }
            }
        }
        try await check(
            "rotated",
            [
                Case(signature: "v1.sig", options: "", status: 0, says: "retired"),
                Case(signature: "v1-logged.sig", options: "", status: 0, says: "retired"),
                Case(signature: "v2.sig", options: "", status: 0, says: "version 2"),
                Case(signature: "v2-logged.sig", options: "", status: 0, says: "version 2"),
            ]
        )
        try await run("keyctl revoke alice --reason stolen --out revocation.txt")
        try await run("keyctl import revocation.txt --home bob")
        try await check(
            "revoked",
            [
                Case(signature: "v1.sig", options: "", status: 0, says: "retired"),
                Case(signature: "v2.sig", options: "", status: 2, says: "REVOKED"),
                Case(signature: "v2-logged.sig", options: "", status: 0, says: "logged before"),
                Case(
                    signature: "v2.sig",
                    options: "--at \(before)",
                    status: 0,
                    says: "after the time that you vouch for"
                ),
                Case(
                    signature: "v2.sig",
                    options: "--at 2099-01-01T00:00:00Z",
                    status: 2,
                    says: "REVOKED"
                ),
                Case(
                    signature: "v1.sig",
                    options: "--at 2099-01-01T00:00:00Z",
                    status: 2,
                    says: "version 2 was in use"
                ),
                Case(signature: "v2.sig", options: "-n git", status: 2, says: "not for \"git\""),
                Case(
                    signature: "v2.sig",
                    options: "--user carol",
                    status: 2,
                    says: "signed by alice, not by carol"
                ),
                Case(
                    signature: "v2.sig",
                    options: "--user dave",
                    status: 1,
                    says: "no key named \"dave\""
                ),
            ]
        )
        // A thief signs and logs with the stolen key after the revocation. It is refused.
        let late = try await shell("keyctl sign --log -o late.sig m")
        #expect(late.status == 1 && late.errors.contains("revoked"))
        // A statement that arrives only after the revocation does not count either.
        try await run("cp v2-logged.sig.statement late.statement")
        try await run("keyctl export alice --key-version 1 --home bob -o alice.pub")
        try await run("keyctl import alice.pub --home dora")
        try await run("keyctl import rotation.txt revocation.txt --home dora")
        let tooLate = try await shell("keyctl import late.statement --home dora")
        #expect(tooLate.status == 1 && tooLate.errors.contains("revoked"))
        let unlogged = try await shell("keyctl verify -s v2-logged.sig logged --home dora")
        #expect(unlogged.status == 2 && unlogged.errors.contains("REVOKED"))
        let flipped = try await shell(
            "sed 's/./&/;s/a message/another/' m > n; keyctl verify -s v1.sig n"
        )
        #expect(flipped.status == 2 && flipped.errors.contains("was changed"))
    }
}
