import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport
import CryptoCore
import Glibc
import Keystore
import NIOConcurrencyHelpers
import NIOPosix
import UnixSignals

/// A session on a terminal, with a line editor.
extension ChatSession {
    func onTerminal() async throws {
        let names = NIOLockedValueBox<[String]>([])
        let terminal = TerminalSession(prompt: "\(unlocked.record.name)> ") { start, isFirst in
            let words = isFirst && start.hasPrefix("/") ? ClientInput.commands : []
            return (words + names.withLockedValue { $0 }).filter {
                !start.isEmpty && $0.hasPrefix(start)
            }
        }
        let (changes, changed) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1)
        )
        let text = TextOutput(isColored: Screen.isColored, lines: terminal)
        let output = FailureWatch(MemberWatch(try recorded(text), changed))
        let client = client(output)
        terminal.add("* /help lists the commands", to: .note)
        let (inputs, typed) = AsyncStream<ClientInput>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await TerminalThread.run { edit(terminal, output, typed) }
                // The input ended, by Ctrl-D or because the terminal is gone. The user has left.
                typed.yield(.leave)
                typed.finish()
            }
            tasks.addTask { for await input in inputs { await client.take(input) } }
            tasks.addTask {
                for await _ in changes {
                    let present = await client.memberNames
                    names.withLockedValue { $0 = present }
                }
            }
            tasks.addTask { await handleSignals(terminal) }
            defer {
                terminal.stop()
                typed.finish()
                tasks.cancelAll()
            }
            try await client.run()
            await output.flush()
        }
        guard !output.hasToldUnacknowledged else { throw ExitCode(ExitStatus.failed) }
    }

    /// Reads the input lines.
    ///
    /// It runs on the terminal's thread.
    private func edit(
        _ terminal: TerminalSession,
        _ output: any ClientOutput,
        _ typed: AsyncStream<ClientInput>.Continuation
    ) {
        var confirmation = Confirmation(isTextOnly: isTextOnly, asks: true)
        terminal.run { line in
            do throws(ChatError) {
                switch try confirmation.take(line.text, isPasted: line.isPasted) {
                case .take(let input): typed.yield(input)
                case .ask(let question): return .ask(question)
                case .declined: terminal.add("* not done", to: .note)
                case .help: terminal.add(ClientInput.help, to: .note)
                case .nothing: break
                }
            } catch {
                output.show(.error(error))
            }
            return .next
        }
    }

    /// Redraws the line after a change of the terminal, and restores the terminal before the
    /// process ends.
    private func handleSignals(_ terminal: TerminalSession) async {
        let signals = await UnixSignalsSequence(
            trapping: .sigwinch,
            .sigcont,
            .sigterm,
            .sigint,
            .sighup
        )
        for await signal in signals {
            switch signal {
            case .sigwinch, .sigcont: terminal.refresh()
            default:
                terminal.restore()
                Screen.end(by: signal.rawValue)
            }
        }
    }
}

/// An output that also reports when the members may have changed.
private struct MemberWatch: ClientOutput {
    private let output: any ClientOutput
    private let changed: AsyncStream<Void>.Continuation

    init(_ output: any ClientOutput, _ changed: AsyncStream<Void>.Continuation) {
        self.output = output
        self.changed = changed
    }

    func show(_ event: ClientEvent) {
        output.show(event)
        switch event {
        case .ready, .notice, .live: changed.yield()
        default: break
        }
    }

    func flush() async { await output.flush() }
}

/// A thread that blocks on the terminal, so that no thread of the concurrency pool blocks.
private enum TerminalThread {
    static func run(_ body: @escaping @Sendable () -> Void) async {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try? await pool.runIfActive { body() }
        try? await pool.shutdownGracefully()
    }
}
