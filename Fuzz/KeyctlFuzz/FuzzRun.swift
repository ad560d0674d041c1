import FuzzTargets
import Glibc

/// The target of this process, named by `FUZZ_TARGET`, and the fault that is planted in it.
struct FuzzRun: Sendable {
    static let current = FuzzRun()

    private let target: FuzzTarget
    /// What the corpus decodes to; `nil` where no fault is planted.
    private let known: Set<[UInt8]>?

    private init() {
        guard let name = environment("FUZZ_TARGET"), let target = FuzzTargets.named(name) else {
            complain("FUZZ_TARGET names no target: see keyctl-fuzz --list")
        }
        self.target = target
        known = environment("FUZZ_PLANTED").map { folder in
            Set(
                Corpus.inputs(in: folder).compactMap {
                    if case .decoded(let content) = target.run($0) { content } else { nil }
                }
            )
        }
    }

    /// Runs one input; a fault ends the process, so that libFuzzer keeps the input.
    func take(_ bytes: [UInt8]) {
        switch target.run(bytes) {
        case .refused: break
        case .decoded(let content):
            // The planted fault: an input that decodes to something that no input of the corpus says.
            if let known, !known.contains(content) { fatalError("the planted fault") }
        case .faulty(let why): fatalError(why)
        }
    }
}

/// A variable of the environment.
func environment(_ name: String) -> String? {
    // SAFETY: nothing here changes the environment; the text is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Ends the process with a message.
func complain(_ message: String) -> Never {
    print("keyctl-fuzz: error: \(message)")
    fflush(nil)
    exit(64)
}
