import ChatProtocol
import Failures
import Foundation
import SwiftProtobuf

extension ChatError {
    /// The frame that refuses a message; without an id, something else that was asked for.
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
