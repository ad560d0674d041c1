import FuzzTargets
import Glibc

/// The target of this process, which `FUZZ_TARGET` names, and the fault that is planted in it.
struct FuzzRun: Sendable {
    static let current = FuzzRun()

    private let target: FuzzTarget
    private let fault: PlantedFault?

    private init() {
        guard let name = environment("FUZZ_TARGET"), let target = FuzzTargets.named(name) else {
            complain("FUZZ_TARGET names no target: see keyctl-fuzz --list")
        }
        self.target = target
        fault = environment("FUZZ_PLANTED").map { PlantedFault(target, folder: $0) }
    }

    /// Runs one input.
    ///
    /// A fault ends the process, so that libFuzzer keeps the input.
    func take(_ bytes: [UInt8]) {
        switch target.run(bytes) {
        case .refused: break
        case .decoded(let content):
            if fault?.isHit(by: bytes, content) == true { fatalError("the planted fault") }
        case .faulty(let why): fatalError(why)
        }
    }
}

/// Returns a variable of the environment.
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
