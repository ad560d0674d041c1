internal import ArgumentParser
internal import KeyFormats
internal import Keystore

/// Where the statement goes that others import.
struct StatementOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to write the statement that others import (default: in the home).",
            valueName: "file"
        )
    )
    var out: String?
    @Flag(help: "Replace that file where there is one.")
    var force = false

    /// The file, opened, with `kind` in its name where it goes to the home.
    func file(_ name: KeyName, home: Home, kind: String) throws -> HandedOutFile {
        try HandedOutFile(out, inHome: home.handedOutPath(name, kind + ".txt"), force: force)
    }
}
