package import ChatProtocol
package import CryptoCore
internal import Foundation
internal import SwiftProtobuf

/// What a client published on a connection, opened with the keys of its readers.
package struct Published: Sendable {
    /// The contents of its announcements, in order.
    package private(set) var announcements: [WireKeyContent] = []
    /// The contents of its messages, in order.
    package private(set) var messages: [WireMessageContent] = []

    /// Sorts the frames.
    package init(_ frames: [WireFrame]) {
        for frame in frames {
            guard case .publish(let publish) = frame.kind,
                let signed = try? WireSigned(serializedBytes: publish.body)
            else { continue }
            switch publish.kind {
            case .keys:
                if let content = try? WireKeyContent(serializedBytes: signed.content) {
                    announcements.append(content)
                }
            case .message:
                if let content = try? WireMessageContent(serializedBytes: signed.content) {
                    messages.append(content)
                }
            case .event, .unspecified, .UNRECOGNIZED: continue
            }
        }
    }

    /// Returns whether an announcement has a wrap for an identity.
    package func isWrapped(for identity: SHA256Digest) -> Bool {
        announcements.contains { content in
            content.wraps.contains { $0.identity == identity.data }
        }
    }

    /// Returns the texts that the holder of a key can read.
    package func texts(readBy identity: SHA256Digest, _ key: RSAPrivateKey) -> [String] {
        var epochs: [UInt32: ForgedEpoch] = [:]
        for content in announcements {
            guard let epoch = try? ForgedEpoch(opening: content, as: identity, key) else {
                continue
            }
            epochs[content.epoch] = epoch
        }
        return messages.compactMap { try? epochs[$0.epoch]?.open($0) }
    }
}
