internal import ArgumentParser
internal import KeyFormats
internal import Keystore

/// The options for the file of a statement that other people import.
struct StatementOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file for the statement that other people import (default: in the home).",
            valueName: "file"
        )
    )
    var out: String?
    @Flag(help: "Replace that file if it exists.")
    var force = false

    /// Opens the file; in the home, its name contains `kind`.
    func file(_ name: KeyName, home: Home, kind: String) throws -> HandedOutFile {
        try HandedOutFile(out, inHome: home.handedOutPath(name, kind + ".txt"), force: force)
    }
}
