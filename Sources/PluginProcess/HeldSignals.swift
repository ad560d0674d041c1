internal import CLinux
internal import Glibc

/// Signals that would end this process, held back in this thread while it waits for a program.
///
/// A signal that the process handles, ignores or holds already is left alone.
final class HeldSignals {
    private let descriptor: Descriptor?
    private var before = sigset_t()
    private var isReleased = false

    init() {
        // SAFETY: the call writes the mask.
        let number = unsafe clinux_hold_signals(&before)
        descriptor = number >= 0 ? Descriptor(number) : nil
    }

    deinit { release() }

    /// Readable when a signal has come; -1 where the system gave none.
    var number: Int32 { descriptor?.number ?? -1 }

    /// The signal that has come; 0 where none has.
    func next() -> Int32 { clinux_next_signal(number) }

    /// Lets signals through again.
    func release() {
        guard !isReleased, descriptor != nil else { return }
        isReleased = true
        // SAFETY: the call reads the mask.
        _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
