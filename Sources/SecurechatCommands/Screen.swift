import CommandSupport
import Glibc

/// The whole terminal: whether output may be coloured, and how the process ends.
enum Screen {
    /// Whether output may be coloured.
    static var isColored: Bool { unsafe getenv("NO_COLOR") == nil && Report.knowsEscapeSequences }

    /// Ends the process by a signal, as if there were no handler.
    static func end(by number: Int32) -> Never {
        _ = signal(number, SIG_DFL)
        var wanted = sigset_t()
        // SAFETY: both calls read and write one set.
        unsafe sigemptyset(&wanted)
        unsafe sigaddset(&wanted, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        raise(number)
        exit(ExitStatus.failed)
    }
}
