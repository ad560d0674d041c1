import CryptoCore
import Failures
import PKCS11Tokens
import Synchronization

/// A user who answers questions from a list, and remembers what was asked.
final class Answers: TokenDialogue {
    private let pins: Mutex<[String]>
    private let says: Bool
    private let asked = Mutex<[String]>([])

    init(pins: [String] = [], says: Bool = true) {
        self.pins = Mutex(pins)
        self.says = says
    }

    /// The questions until now.
    var questions: [String] { asked.withLock { $0 } }

    func pin(_ prompt: String) throws(PKCS11Error) -> SecretBytes {
        asked.withLock { $0.append(prompt) }
        let pin = pins.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let pin else { throw PKCS11Error.cancelled }
        return SecretBytes(copying: Array(pin.utf8).borrowedBytes)
    }

    func allows(_ question: String) throws(PKCS11Error) -> Bool {
        asked.withLock { $0.append(question) }
        return says
    }

    func wait<Result: ~Copyable>(
        _ text: String,
        for work: () throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        asked.withLock { $0.append(text) }
        return try work()
    }
}
