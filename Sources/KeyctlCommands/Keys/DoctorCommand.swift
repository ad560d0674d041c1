internal import ArgumentParser
internal import Backups
internal import CommandSupport
internal import Failures
internal import KeyFormats
internal import Keystore
internal import PluginHost

/// `keyctl doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that is stored, and report faults.",
        discussion: """
            It reports weak keys, expired keys, frozen names, files that other users may read, \
            and unfinished work. It changes nothing. Exit status: 0 no fault, 1 a fault was \
            found.

            Examples:
              keyctl doctor
              keyctl doctor --json
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "Also look for private keys that are not encrypted in this folder and below it.",
            valueName: "folder"
        )
    )
    var scan: [String] = []

    private struct Document: CommandResult {
        let version = 1
        let findings: [Finding]

        func printText() {
            for finding in findings {
                Report.result("\(finding.code): \(finding.message)")
                if let hint = finding.hint { Report.result("  \(hint)") }
            }
            if findings.isEmpty { Report.note("all is well") }
        }
    }

    func run() throws {
        var findings: [Finding] = []
        do {
            let keystore = try global.existingKeystore()
            let foreign = try HomeInventory(keystore.home).skipped
            findings += try keystore.findings(foreignFiles: foreign, at: .now)
            findings += try pluginFindings(keystore)
        } catch let error as any ReportableError {
            // What cannot be opened is a finding, too.
            findings.append(Finding(error))
        }
        findings += try global.keyctlHome.looseFiles()
        for folder in scan { findings += strayKeys(below: folder) }
        findings = findings.map { $0.hinted { Report.hint(of: $0) } }
        try global.print(Document(findings: findings))
        guard findings.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    /// What is wrong with plugins, without starting one.
    private func pluginFindings(_ keystore: Keystore) throws -> [Finding] {
        let plugins = try global.plugins
        var findings = plugins.problems().map { Finding($0) }
        for record in try keystore.records() {
            for (version, place) in record.keysElsewhere
            where record.hasKey(version)
                && (try? keystore.providers.provider(place.provider)) == nil
            {
                let error = CommandError.failed(
                    "the key of version \(version) of \"\(record.name)\" is kept by the plugin "
                        + "\"\(place.provider)\", which is not trusted here",
                    hint: "trust it: keyctl plugin trust PATH"
                )
                findings.append(Finding(error, name: record.name.description))
            }
        }
        return findings
    }

    private func strayKeys(below folder: String) -> [Finding] {
        do {
            let scan = try StrayKeyScan(below: folder)
            if scan.largeFileCount > 0 {
                Report.note(
                    "files larger than \(StrayKeyScan.largestKeyByteCount >> 10) KiB in "
                        + "\(Printable.text(folder)) were not examined: \(scan.largeFileCount)"
                )
            }
            return scan.findings
        } catch { return [Finding(error)] }
    }
}
