import ChatProtocol
import SwiftProtobuf

extension SessionWindow {
    /// Returns the actions for a frame of an admitted session; `nil` if the frame is not allowed.
    mutating func take(_ frame: WireFrame) -> [SessionAction]? {
        switch frame.kind {
        case .publish(let publish):
            post()
            return [.publish(publish)]
        case .received(let received):
            post()
            return [.receive(seq: received.seq)]
        case .shutdownRequest:
            post()
            return [.ask(.shutdown)]
        case .reloadRequest:
            post()
            return [.ask(.reload)]
        case .whoRequest:
            post(isAnswered: true)
            return [.ask(.who)]
        case .historyRequest(let request):
            post(isAnswered: true)
            return [.ask(.history(count: Int(request.count)))]
        case .ping: return [.send(SessionMachine.encode(.with { $0.pong = .init() }))]
        case .pong: return []
        case .hello, .refusal, .registryUpdate, .welcome, .entries, .accepted, .rejected, .history,
            .who, .reloaded, .bye, nil:
            return nil
        }
    }
}
