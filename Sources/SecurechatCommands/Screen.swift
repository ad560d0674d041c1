import CommandSupport
import Glibc

/// Settings of the whole terminal: whether to colour the output, and how a signal ends the process.
enum Screen {
    /// Whether output may be coloured.
    static var isColored: Bool { unsafe getenv("NO_COLOR") == nil && Report.knowsEscapeSequences }

    /// Ends the process by a signal, as if the process had no handler.
    static func end(by number: Int32) -> Never {
        _ = signal(number, SIG_DFL)
        var wanted = sigset_t()
        // SAFETY: the calls read and write one signal set.
        unsafe sigemptyset(&wanted)
        unsafe sigaddset(&wanted, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        raise(number)
        exit(ExitStatus.failed)
    }
}
