internal import KeyFormats

extension Timestamp {
    /// Milliseconds since 1970, as entries have them.
    var milliseconds: Int64 { seconds * 1_000 }
}
