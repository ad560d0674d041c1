import ChatProtocol
import Failures

/// Whether the store accepts new entries.
enum StoreState {
    case working
    /// A commit failed; the engine tries to write again every second.
    case failing(ServerError)
    /// The store has lost entries or is damaged: it is read, and nothing is added.
    case damaged(ServerError)

    /// Whether the store accepts new entries.
    var isWorking: Bool {
        switch self {
        case .working: true
        case .failing, .damaged: false
        }
    }

    /// The error for messages while the store accepts none; `nil` if it works.
    var refusal: ChatError? {
        switch self {
        case .working: nil
        case .failing:
            ChatError(
                .unavailable,
                "the server cannot store messages at the moment",
                hint: "its admin finds the reason in the server's log; send it again later"
            )
        case .damaged:
            ChatError(
                .unavailable,
                "the server's store is damaged: it can be read, but nothing can be added",
                hint: "its admin finds the reason in the server's log"
            )
        }
    }
}
