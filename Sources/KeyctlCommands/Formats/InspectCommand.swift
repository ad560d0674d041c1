internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats

/// The command `keyctl inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a file is: a key, an encrypted file, a signature, a token.",
        discussion: """
            It decrypts nothing, asks for no passphrase, and prints no secret.

            Examples:
              keyctl inspect id_rsa
              keyctl inspect plan.pdf.age --json
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The file ('-': standard input).", valueName: "file"))
    var file: String

    func run() throws {
        let report = try Inspection.of(file, in: global.keystore())
        guard !global.json else { return try Report.json(report) }
        Report.result("\(file): \(report.title)")
        for line in report.details { Report.result("  \(line)") }
        for key in report.keys {
            var words = [key.kind]
            if let bits = key.bits { words.append("\(bits) bits") }
            if let fingerprint = key.fingerprint { words.append(fingerprint) }
            if let protection = key.protection { words.append(protection) }
            if let name = key.name { words.append("\"\(Printable.text(name, limit: 80))\"") }
            if let known = key.knownAs {
                words.append("known as \(known)\(key.knownState.map { ", \($0)" } ?? "")")
            }
            Report.result("  " + words.joined(separator: ", "))
            for weakness in key.weaknesses ?? [] { Report.warning("the key is weak: \(weakness)") }
        }
    }
}
