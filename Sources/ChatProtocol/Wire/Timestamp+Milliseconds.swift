internal import KeyFormats

extension Timestamp {
    /// The time in milliseconds since 1970, the unit of entries.
    var milliseconds: Int64 { seconds * 1_000 }
}
