/// Attacks that are not withstood yet, each with what is missing.
///
/// A test fails on the day that one of them is mended: then its line goes.
enum NotYet {
    static let reasons: [String: String] = [
        "the server makes itself a member by assign":
            "a client wraps for whoever the registry calls a member, the server too",
        "the server re-registers its own key under a new name":
            "a client wraps for whoever the registry calls a member, the server's key too",
        "a wrong key under one's own name, from the start":
            "a mismatch of one's own name blocks that name, and the session goes on",
        "a wrong key under one's own name, while connected":
            "a mismatch of one's own name blocks that name, and the session goes on",
    ]
}
