/// A point of the clock that also counts while the machine sleeps, in milliseconds.
public struct AgentTime: Sendable, Hashable, Comparable {
    /// The milliseconds since the clock began.
    public let milliseconds: Int64

    /// Takes the milliseconds since the clock began.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The time some milliseconds later.
    public func adding(milliseconds count: Int) -> AgentTime {
        AgentTime(milliseconds: milliseconds + Int64(count))
    }

    /// The time some seconds later; the seconds of a policy are bounded.
    public func adding(seconds: Int) -> AgentTime { adding(milliseconds: seconds * 1_000) }

    /// Orders by time.
    public static func < (left: AgentTime, right: AgentTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
