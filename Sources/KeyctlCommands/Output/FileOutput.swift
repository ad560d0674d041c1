internal import CommandSupport
internal import DurableFiles

/// The output of a command: standard output, or a file that is written as a whole or not at all.
struct FileOutput {
    let sink: any ByteSink
    private let file: OutputFile?

    /// Whether it is standard output; then the command must print nothing else there.
    var isStandard: Bool { file == nil }

    /// Opens the output.
    ///
    /// Throws if input and output are the same file, if the file exists, or if binary output would
    /// go to a terminal.
    init(
        _ path: String?,
        from input: InputFile?,
        isText: Bool,
        force: Bool,
        mode: UInt32 = DurableFile.privateMode
    ) throws {
        guard let path, path != "-" else {
            file = nil
            guard StandardOutput.isTerminal else {
                sink = StandardOutput()
                return
            }
            guard isText else {
                throw CommandError.usage(
                    "the output is binary, and standard output is a terminal",
                    hint: "add -o FILE, or choose a text format"
                )
            }
            sink = TerminalOutput()
            return
        }
        try input?.requireOther(than: path)
        let file = try OutputFile(path, mode: mode, replacing: force)
        self.file = file
        sink = file
    }

    /// Opens the output that a command's options name.
    init(
        _ options: OutputOptions,
        from input: InputFile?,
        isText: Bool,
        mode: UInt32 = DurableFile.privateMode
    ) throws {
        try self.init(
            options.out,
            from: input,
            isText: isText,
            force: options.force,
            mode: mode
        )
    }

    func commit() throws { try file?.commitAndWarn() }
}
