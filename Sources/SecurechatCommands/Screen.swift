import CommandSupport
import Glibc

/// What the environment says of the terminal.
enum Screen {
    /// Whether the terminal knows no escape sequences.
    static var isDumb: Bool {
        let name = unsafe getenv("TERM").map { unsafe String(cString: $0) } ?? ""
        return name.isEmpty || name == "dumb"
    }

    /// Whether what is printed may be colored.
    static var isColored: Bool { unsafe getenv("NO_COLOR") == nil && !isDumb }

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
