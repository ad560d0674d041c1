public import ArgumentParser

/// The options for the output of a command.
public struct OutputOptions: ParsableArguments {
    /// The file; `nil` and `-` are standard output.
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("The output file (default: standard output).", valueName: "file")
    )
    public var out: String?

    /// Whether an existing file is replaced.
    @Flag(help: "Replace the output file if it exists.")
    public var force = false

    /// For the argument parser, which fills the fields.
    public init() {}
}
