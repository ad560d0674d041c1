public import ArgumentParser

/// Where the output of a command goes.
public struct OutputOptions: ParsableArguments {
    /// The file; `nil` and `-` are standard output.
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("The output file (default: standard output).", valueName: "file")
    )
    public var out: String?

    /// Whether a file that stands there is replaced.
    @Flag(help: "Replace the output file if it exists.")
    public var force = false

    /// For the parser, which fills the fields in.
    public init() {}
}
