internal import ArgumentParser
internal import KeyFormats
internal import Keystore

/// Where the statement goes that others import.
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

    /// The file, opened, with `kind` in its name where it goes to the home.
    func file(_ name: KeyName, home: Home, kind: String) throws -> HandedOutFile {
        try HandedOutFile(out, inHome: home.handedOutPath(name, kind + ".txt"), force: force)
    }
}
