import ChatProtocol
import CryptoCore

/// What a line of the registry means to a room.
struct RegistryEvent {
    let kind: RoomEvent
    /// The identity that it happened to.
    let subject: SHA256Digest
    /// What the room's log says of it.
    let content: WireEventContent
}
