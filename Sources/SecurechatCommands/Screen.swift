import CommandSupport
import Glibc

/// The terminal as a whole: what may be printed on it, and how its process ends.
enum Screen {
    /// Whether what is printed may be colored.
    static var isColored: Bool { unsafe getenv("NO_COLOR") == nil && Report.knowsEscapeSequences }

    /// Ends the process by a signal, as it would have ended without a handler.
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
