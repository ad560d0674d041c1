import ChatProtocol
import Failures
import Foundation
import SwiftProtobuf

extension ChatError {
    /// Returns the frame that refuses a message; without an id, it refuses another request.
    func rejection(of id: [UInt8] = []) -> WireFrame {
        .with {
            $0.rejected = .with {
                $0.id = Data(id)
                $0.code = codeName
                $0.message = message
                $0.hint = hint ?? ""
            }
        }
    }
}
