package import CryptoCore
internal import FoundationEssentials
package import KeyFormats
package import Registry
internal import SwiftProtobuf

/// One client in one room, from login to the end: frames and lines in, actions out; no I/O.
///
/// Not sendable: it belongs to the one actor that drives it.
package struct ClientMachine {
    /// Longest text of one message, in bytes of UTF-8.
    package static let largestTextByteCount = 32 << 10
    /// Most bytes of statements in a hello; the rest of the frame has room below `earlyLimit`.
    static let largestStatementsByteCount = FrameCodec.earlyLimit * 3 / 4
    /// Most messages that `/history` asks for.
    package static let largestHistoryCount = 10_000
    static let rememberedPositionCount = 4_096
    static let largestRequestCount = 64

    /// Who logs in where.
    package struct Setup {
        package let user: KeyName
        package let identity: SHA256Digest
        package let chat: SHA256Digest
        package let serverName: KeyName
        package let room: String
        /// Whether the user is asked before somebody new reads what is typed already.
        package let asksBeforeNewReaders: Bool
        /// Whether what was said before the login is left out.
        package let beginsAtHead: Bool
        package let open: WrapOpener

        /// Names the parties.
        package init(
            user: KeyName,
            identity: SHA256Digest,
            chat: SHA256Digest,
            serverName: KeyName,
            room: String,
            asksBeforeNewReaders: Bool = false,
            beginsAtHead: Bool = false,
            open: @escaping WrapOpener
        ) {
            self.asksBeforeNewReaders = asksBeforeNewReaders
            self.beginsAtHead = beginsAtHead
            self.user = user
            self.identity = identity
            self.chat = chat
            self.serverName = serverName
            self.room = room
            self.open = open
        }
    }

    /// One's own statements, for a server that knows an earlier version only.
    package var statements: [Statement] = []
    /// Oneself, as one's own keystore has it: what the server tells of it must not differ.
    package var own: RegisteredIdentity

    enum State {
        case offline
        case awaitingWelcome
        /// Receiving what was missed, up to this sequence.
        case catchingUp(to: UInt64)
        case online
        case finished
    }

    let setup: Setup
    var state = State.offline
    var directory: MemberDirectory
    var receiver: ReceiverKeys
    var epoch: SenderEpoch?
    var epochCount: UInt32 = 0
    var keys: SessionKeys?
    var serverKey: PublicKey?
    var outbox = Outbox()
    var revocations: [Revocations.Key: UInt64] = [:]
    var remembered: [UInt64: SHA256Digest] = [:]
    var history: [ChatMessage]?
    var historyReceiver: ReceiverKeys?
    /// What the user was told of the room; none before the first login.
    var told: RoomView?
    /// Of whom the user knows why they read nothing.
    var toldExclusions: [KeyName: Reach] = [:]
    /// Whether the connection takes more at the moment.
    package var canSend = true
    /// Whether what was typed waits for the user, since somebody new would read it.
    var isHeld = false
    var unreadableCount = 0
    /// Messages shown since the login that were said before it.
    var missedCount = 0
    var isEnding = false
    var requests: [Request] = []
    /// The request for history that is being answered.
    var openHistory: Request?
    var historyPosition: LogPosition?
    var historyByteCount = 0
    /// How many lines of the registry the room's log spoke of.
    var neededCount = 0
    /// Where the log ended when this connection was admitted.
    var loginHead: UInt64 = 0
    var isRegistryKnown = false
    /// Requests whose answer has not come yet.
    var answersDue = 0
    /// The last entry that was shown; none before the first login.
    package internal(set) var position: LogPosition?

    /// Starts offline.
    ///
    /// `told` is what this reader was told of the room before.
    package init(
        setup: Setup,
        own: RegisteredIdentity,
        directory: MemberDirectory,
        told: RoomView?,
        position: LogPosition?
    ) {
        self.setup = setup
        self.own = own
        self.directory = directory
        self.told = told
        self.position = position
        receiver = ReceiverKeys(
            identity: setup.identity,
            chat: setup.chat,
            room: setup.room,
            keepsPast: false,
            open: setup.open
        )
    }

    /// How many messages wait for their acknowledgement.
    package var pendingCount: Int { outbox.count }
    /// The names of the room's members, sorted.
    package var memberNames: [String] { (told?.names ?? []).map(\.description) }
    /// Whether the session is over.
    package var isFinished: Bool { if case .finished = state { true } else { false } }

    // MARK: The user

    /// The user says something; `reference` is a name that comes back with the answer.
    package mutating func say(_ text: String, reference: String? = nil) -> [ClientAction] {
        guard !text.isEmpty else { return [] }
        guard let id = try? SecureRandom.bytes(count: MessageSeal.idByteCount) else { return [] }
        let message = SentMessage(id: id, text: text, reference: reference)
        guard text.utf8.count <= ClientMachine.largestTextByteCount else {
            return [
                .show(
                    .refused(
                        ChatError(
                            .tooLong,
                            "the message has \(text.utf8.count) bytes, at most "
                                + "\(ClientMachine.largestTextByteCount) are sent",
                            hint: "send it in parts"
                        ),
                        id: id,
                        reference: reference
                    )
                )
            ]
        }
        outbox.add(message)
        return pump()
    }

    /// What a user can ask the server for.
    package enum Request: Sendable {
        /// Older messages; `nil`: as many as the server says.
        case history(Int?)
        /// Who is here.
        case who
        /// The end of the server.
        case shutdown
    }

    /// The user asks for something; it waits for what was said before it.
    package mutating func request(_ request: Request) -> [ClientAction] {
        guard requests.count < ClientMachine.largestRequestCount else {
            return [.show(.error(ClientMachine.notConnected))]
        }
        requests.append(request)
        return ask()
    }

    mutating func ask() -> [ClientAction] {
        guard isOnline, outbox.count == 0, history == nil, !requests.isEmpty else { return [] }
        let request = requests.removeFirst()
        switch request {
        case .history(let count):
            openHistory = request
            historyPosition = nil
            historyByteCount = 0
            history = []
            historyReceiver = ReceiverKeys(
                identity: setup.identity,
                chat: setup.chat,
                room: setup.room,
                keepsPast: true,
                open: setup.open
            )
            let asked = UInt32(min(count ?? 0, ClientMachine.largestHistoryCount))
            return [.send(.with { $0.historyRequest = .with { $0.count = asked } })]
        case .who:
            answersDue += 1
            return [.send(.with { $0.whoRequest = .init() })] + ask()
        case .shutdown:
            answersDue += 1
            return [.send(.with { $0.shutdownRequest = .init() })] + ask()
        }
    }

    /// The user leaves, once everything that was said is acknowledged.
    package mutating func end() -> [ClientAction] {
        isEnding = true
        return finishIfDone()
    }

    /// The user leaves: at once where nothing is on its way, or where nobody is there to take it.
    package mutating func leave() -> [ClientAction] {
        guard !isHeld else { return fail(ClientMachine.held(outbox.count)) }
        if case .offline = state {} else if outbox.count > 0 || !requests.isEmpty { return end() }
        // What is not acknowledged is counted and told by the client.
        state = .finished
        return [.show(.bye(reason: "you left")), .finish(nil)]
    }

    var isOnline: Bool { if case .online = state { true } else { false } }

    private static func held(_ count: Int) -> ChatError {
        ChatError(
            .stale,
            "\(count) of your messages were not sent: somebody new would have read them",
            hint: "connect again and say them, if they may be read by everybody who is there now"
        )
    }

    static let notConnected = ChatError(
        .unreachable,
        "there is no connection to the server at the moment",
        hint: "try again in a moment"
    )

    mutating func finishIfDone() -> [ClientAction] {
        guard isEnding, outbox.count == 0, isOnline, history == nil, requests.isEmpty,
            answersDue == 0
        else { return [] }
        state = .finished
        return [.show(.bye(reason: "end of input")), .finish(nil)]
    }
}
