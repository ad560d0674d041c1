/// The changes of git's configuration that a setup or its undoing needs: a value without I/O.
///
/// Each variable that a setup writes is noted in git's configuration itself, in the section
/// `keyctl`, with the value that it replaced. So undoing restores what the user had, and leaves
/// alone what the user has changed since.
public struct GitPlan: Sendable, Equatable {
    /// A change of one variable.
    public enum Change: Sendable, Hashable {
        /// The variable gets this value.
        case set(GitSetting)
        /// The variable is removed.
        case unset(String)
    }

    /// Whether this is a setup, not an undoing.
    public let isSetup: Bool
    /// The changes, in their order.
    public private(set) var changes: [Change] = []
    /// The notes for the section `keyctl` afterwards.
    public private(set) var notes = GitNotes()
    /// The variables that the user has changed since a setup wrote them; undoing leaves them alone.
    public private(set) var leftAlone: [String] = []

    /// Plans a setup: `present` has the values of the variables of `GitSetup.names` that are set.
    public init(setup: GitSetup, present: [String: String], notes: GitNotes) {
        isSetup = true
        let wanted = Set(setup.settings.map(\.name))
        self.notes = notes
        // A variable of an earlier setup that this one does not write goes back first.
        restore(GitSetup.names.filter { !wanted.contains($0) }, present: present)
        for setting in setup.settings {
            let value = present[setting.name]
            switch self.notes.written[setting.name] {
            case nil where value == setting.value: continue  // the user's own
            case nil: self.notes.replaced[setting.name] = value
            // The user changed it after the last setup.
            case let written? where value != written: self.notes.replaced[setting.name] = value
            case _?: break
            }
            self.notes.written[setting.name] = setting.value
            if value != setting.value { changes.append(.set(setting)) }
        }
    }

    /// Plans the undoing of every setup.
    public init(undoing notes: GitNotes, present: [String: String]) {
        isSetup = false
        self.notes = notes
        restore(GitSetup.names, present: present)
    }

    private mutating func restore(_ names: [String], present: [String: String]) {
        for name in names {
            guard let written = notes.written.removeValue(forKey: name) else { continue }
            let replaced = notes.replaced.removeValue(forKey: name)
            guard present[name] == written else {
                if present[name] != nil { leftAlone.append(name) }
                continue
            }
            let old = replaced.map { Change.set(GitSetting(name: name, value: $0)) }
            changes.append(old ?? .unset(name))
        }
    }
}
