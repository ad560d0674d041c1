import ChatProtocol
import CryptoCore

/// The event that a line of the registry causes in a room.
struct RegistryEvent {
    let kind: RoomEvent
    /// The id of the identity that changed.
    let subject: SHA256Digest
    /// The content of the entry in the room's log.
    let content: WireEventContent
}
