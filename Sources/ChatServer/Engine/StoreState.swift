import ChatProtocol
import Failures

/// Whether the store takes what is published.
enum StoreState {
    case working
    /// A commit failed; the store is tried again every second.
    case failing(ServerError)
    /// Something is missing in it: it is read, and nothing is added.
    case damaged(ServerError)

    /// Whether the store takes what is published.
    var isWorking: Bool {
        switch self {
        case .working: true
        case .failing, .damaged: false
        }
    }

    /// The error for what is published while the store takes nothing; `nil` where it does.
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
