internal import CLinux
internal import Glibc

/// An open descriptor of this process, closed with its owner.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// A pipe that no program inherits; `nil` where the system refuses one.
    static func pipe() -> (reading: Descriptor, writing: Descriptor)? {
        var ends: [Int32] = [0, 0]
        // SAFETY: the call writes two numbers.
        guard unsafe clinux_pipe(&ends) == 0 else { return nil }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// Makes reads and writes return at once where they would wait.
    func forbidWaiting() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }
}
