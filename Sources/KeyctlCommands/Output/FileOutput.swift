internal import CommandSupport
internal import DurableFiles

/// Where a command's output goes: a file that appears whole or not at all, or standard output.
struct FileOutput {
    let sink: any ByteSink
    private let file: OutputFile?

    /// Whether it goes to standard output, so that nothing else may.
    var isStandard: Bool { file == nil }

    /// Throws where input and output are the same file, where one stands there already, and for
    /// binary output to a terminal.
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

    /// The same for what a command's options say.
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
