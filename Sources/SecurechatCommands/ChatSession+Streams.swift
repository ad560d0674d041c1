import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport
import CryptoCore
internal import Failures
import Glibc

/// A session on streams: for a pipe, for a program, or on a terminal without escape sequences.
extension ChatSession {
    func onStreams(isJSON: Bool, follows: Bool) async throws {
        // Texts of the server and of members were made printable when the line was made.
        let queue = OutputQueue { bytes, stream in
            Report.write(bytes, to: stream == .result ? STDOUT_FILENO : STDERR_FILENO)
        }
        let output: any ClientOutput =
            isJSON ? JSONOutput(queue) : TextOutput(isColored: false, lines: queue)
        let watched = FailureWatch(try recorded(output))
        do {
            try await converse(watched, queue, isJSON: isJSON, follows: follows)
        } catch let error as any ReportableError where isJSON {
            // A program reads only one stream, so the reason for the end is also printed there.
            let shown =
                error as? ChatError
                ?? ChatError(.configuration, error.message, hint: error.hint)
            watched.show(.error(shown))
            watched.show(.bye(reason: error.message))
            await watched.flush()
            throw ExitCode(ExitStatus.failed)
        } catch {
            await watched.flush()
            throw error
        }
        // With JSON, each refusal was printed with its id.
        if !isJSON, watched.refusedCount > 0 {
            queue.add("* refused and not sent: \(watched.refusedCount)", to: .note)
        }
        await watched.flush()
        guard !watched.hasFailed else { throw ExitCode(ExitStatus.failed) }
    }

    private func converse(
        _ output: FailureWatch,
        _ queue: OutputQueue,
        isJSON: Bool,
        follows: Bool
    ) async throws {
        let client = client(output)
        let end = try await withThrowingTaskGroup(of: PipedInput.End?.self) { tasks in
            tasks.addTask {
                let end = try await feed(client, output, queue, isJSON)
                if end == .end, !follows { await client.take(.end) }
                return end
            }
            tasks.addTask {
                try await client.run()
                return nil
            }
            // The input may end first. Then the session continues until everything is acknowledged.
            // The input's result at the session's end says whether a part of it was not read.
            var end: PipedInput.End?
            var failure: (any Error)?
            while let result = await tasks.nextResult() {
                switch result {
                case .success(nil): tasks.cancelAll()
                case .success(let known): end = known
                case .failure(let error):
                    failure = failure ?? error
                    tasks.cancelAll()
                }
            }
            if let failure { throw failure }
            return end
        }
        if end == .unread { output.show(.error(ChatError.inputLeft)) }
    }

    private func feed(
        _ client: ChatClient,
        _ output: FailureWatch,
        _ queue: OutputQueue,
        _ isJSON: Bool
    ) async throws -> PipedInput.End {
        var confirmation = Confirmation(
            isTextOnly: isTextOnly,
            asks: !isJSON && isatty(STDIN_FILENO) == 1
        )
        return try await PipedInput().forEachLine { line in
            await output.flush()
            do {
                switch line {
                case .refused(let error): throw error
                case .text(let text) where isJSON && !isTextOnly:
                    guard !text.isEmpty, let input = try JSONRequest(line: text).input else {
                        return .taken
                    }
                    return await take(input, client)
                case .text(let text):
                    switch try confirmation.take(text) {
                    case .take(let input): return await take(input, client)
                    case .ask(let question): queue.add(Array(question.utf8), to: .note)
                    case .declined: queue.add("* not done", to: .note)
                    case .help: queue.add(ClientInput.help, to: .note)
                    case .nothing: break
                    }
                }
            } catch let refused as RefusedRequest {
                output.show(.refused(refused.error, id: [], reference: refused.reference))
            } catch let error as ChatError {
                output.show(.refused(error, id: [], reference: nil))
            } catch {
                output.show(.error(ChatError(.configuration, "\(error)")))
            }
            return .taken
        }
    }

    /// Passes an input to the client.
    ///
    /// Leaving waits until earlier messages are acknowledged.
    private func take(_ input: ClientInput, _ client: ChatClient) async -> PipedInput.Answer {
        guard input != .leave else {
            await client.take(.end)
            return .stop
        }
        return await client.take(input) ? .taken : .notTaken
    }
}

extension ChatError {
    static var inputLeft: ChatError {
        ChatError(
            .unacknowledged,
            "the session ended before all of standard input was read: the rest was not sent",
            hint: "see with /history what arrived, and send the rest again"
        )
    }
}
