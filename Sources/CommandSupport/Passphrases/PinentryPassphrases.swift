internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats
internal import PluginProcess

/// `--passphrase-pinentry`: the answer to a pinentry program, as GnuPG's agent uses it (the manual of
/// pinentry, "Implementing a Pinentry").
struct PinentryPassphrases: PassphraseSourceKind {
    let id = "pinentry"
    let title = "question of a pinentry program"
    let asksPerson = true
    private static let largestOutputByteCount = 1 << 20
    private static let writingTime = Duration.seconds(10)

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        guard let path = DurableFile.executable(argument) else {
            throw CommandError.passphraseSource(
                "no folder of PATH has the program \(argument)",
                hint: "install one, for example: apt install pinentry-tty"
            )
        }
        let process = try PluginProcess(
            PluginProgram(
                path: path,
                arguments: [],
                environment: .inherited(except: []),
                forbidsNewPrivileges: false,
                largestOutputByteCount: PinentryPassphrases.largestOutputByteCount
            )
        )
        defer { _ = process.end(within: .milliseconds(500)) }
        var lines = AssuanLines(process)
        // The greeting.
        _ = try answer(&lines, process)
        for option in PinentryPassphrases.options { _ = try? ask(option, &lines, process) }
        _ = try ask("SETTITLE keyctl", &lines, process)
        _ = try ask("SETDESC \(PinentryPassphrases.escaped(prompt))", &lines, process)
        _ = try ask("SETPROMPT Passphrase:", &lines, process)
        guard let secret = try ask("GETPIN", &lines, process), secret.count <= limit else {
            throw CommandError.emptyPassphrase
        }
        return secret
    }

    /// The terminal on which a pinentry without windows asks.
    private static var options: [String] {
        var options: [String] = []
        for descriptor in [STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO] {
            guard let name = unsafe ttyname(descriptor) else { continue }
            options.append("OPTION ttyname=\(unsafe String(cString: name))")
            break
        }
        for (option, variable) in [("ttytype", "TERM"), ("lc-ctype", "LC_ALL")] {
            guard let value = unsafe getenv(variable) else { continue }
            options.append("OPTION \(option)=\(escaped(unsafe String(cString: value)))")
        }
        return options
    }

    private static func escaped(_ text: String) -> String {
        Printable.text(text).replacing("%", with: "%25")
    }

    private func ask(
        _ line: String,
        _ lines: inout AssuanLines,
        _ process: PluginProcess
    ) throws -> SecretBytes? {
        let bytes = Array("\(line)\n".utf8)
        try process.write(bytes.borrowedBytes, within: PinentryPassphrases.writingTime)
        return try answer(&lines, process)
    }

    /// Reads lines until `OK`; returns the data, or `nil` if there were none.
    private func answer(
        _ lines: inout AssuanLines,
        _ process: PluginProcess
    ) throws -> SecretBytes? {
        var data: SecretBytes?
        while true {
            let line = try lines.next()
            if PinentryPassphrases.begins(line, with: "D ") {
                data = PinentryPassphrases.unescaped(line.bytes.extracting(2..<line.count))
            } else if PinentryPassphrases.begins(line, with: "OK") {
                return data
            } else if PinentryPassphrases.begins(line, with: "ERR ") {
                let words = String(decoding: line.publicBytes.dropFirst(4), as: UTF8.self)
                let text = words.split(separator: " ").dropFirst().joined(separator: " ")
                throw CommandError.passphraseSource(
                    "\(process.name) gave no passphrase: \(Printable.text(text, limit: 200))"
                )
            }
        }
    }

    private static func begins(_ line: borrowing SecretBytes, with word: String) -> Bool {
        let word = Array(word.utf8)
        guard line.count >= word.count else { return false }
        for index in word.indices where line.bytes.byte(at: index) != word[index] { return false }
        return true
    }

    /// Takes off the escapes `%XX`.
    private static func unescaped(_ text: RawSpan) -> SecretBytes {
        var room = SecretBuffer(count: text.byteCount)
        var (read, written) = (0, 0)
        while read < text.byteCount {
            var byte = text.byte(at: read)
            read += 1
            if byte == UInt8(ascii: "%"), read + 2 <= text.byteCount,
                let high = digit(text.byte(at: read)), let low = digit(text.byte(at: read + 1))
            {
                byte = high << 4 | low
                read += 2
            }
            room.withMutableBytes(written..<written + 1) { view in
                view.storeBytes(of: byte, toByteOffset: 0, as: UInt8.self)
            }
            written += 1
        }
        return SecretBytes(copying: room.bytes.extracting(0..<written))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
