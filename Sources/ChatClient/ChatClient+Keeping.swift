internal import ChatProtocol
internal import CryptoCore
internal import Failures
internal import KeyFormats
internal import Keystore
internal import NIOCore
internal import Registry

/// What is kept of what the server showed.
extension ChatClient {
    /// Remembers what has reached its reader by now.
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

    /// Tells the server how far all readers have read; a second process of one reader does not.
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
            // Another client of the same home may have kept some of them already; where some are
            // missing, the next login fetches them.
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
