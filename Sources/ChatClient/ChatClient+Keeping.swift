internal import ChatProtocol
internal import CryptoCore
internal import Failures
internal import KeyFormats
internal import Keystore
internal import NIOCore
internal import Registry

/// Stores what the server sent: the reader's position, the room view, the registry, and the
/// evidence of a fork.
extension ChatClient {
    /// Stores the position and the room view that were shown; then tells the server.
    func remember() {
        guard failure == nil, let reader else { return }
        do {
            if let view = pendingView { try reader.save(view) }
            pendingView = nil
            if let place = reached { try reader.save(place) }
        } catch {
            output.show(.error(ChatError.cannotKeep(ChatClient.text(error))))
        }
        confirm()
    }

    /// Sends to the server the sequence number up to which all readers of this home have read.
    ///
    /// A process that does not own its reader sends nothing.
    func confirm() {
        guard let place = reached, let reader, reader.isOwner, channel?.isWritable == true
        else { return }
        reached = nil
        let seq = reader.confirmed(place.seq, at: .now)
        guard seq > confirmedSeq else { return }
        confirmedSeq = seq
        perform([.send(.received(seq))])
    }

    func keep(_ statements: [Statement], after count: Int, note: [UInt8]) {
        do {
            let lock = try keystore.home.lock()
            // Another client of the same home may have stored some of these lines. If lines before
            // them are missing, the next login fetches them.
            try mirror?.take(statements, after: count, note: note)
            _ = consume lock
        } catch let error as RegistryError where error.code == .forkedLog {
            end(ChatError.shownTwice(error.message))
        } catch {
            output.show(.error(ChatError.cannotKeep(ChatClient.text(error))))
        }
    }

    func keepFork(_ error: ChatError) {
        do {
            try folder?.prepare()
            try folder?.keep(
                ForkRecord(
                    time: .now,
                    server: configuration.serverName,
                    message: error.message,
                    position: session?.position,
                    frame: presentFrame.map { FrameCodec.encode($0) } ?? []
                )
            )
        } catch {
            output.show(.error(ChatError.cannotKeepFork(ChatClient.text(error))))
        }
    }

    static func text(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
    }
}
