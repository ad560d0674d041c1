/// A program to run: where it is, and what it gets.
public struct PluginProgram: Sendable {
    /// The variables of a program.
    public enum Environment: Sendable {
        /// Those of this process, except the ones with these names.
        case inherited(except: [String])
        /// These alone, each as `NAME=value`.
        case only([String])
    }

    /// The absolute path of the executable file.
    public let path: String
    /// The arguments, without the program's name.
    public let arguments: [String]
    /// The variables.
    public let environment: Environment
    /// Whether programs that it starts get no privileges of their own (`PR_SET_NO_NEW_PRIVS`).
    public let forbidsNewPrivileges: Bool
    /// Most bytes that it may write to its standard output in all.
    public let largestOutputByteCount: Int
    /// A folder in which it can open nothing, where the kernel has Landlock.
    public let hiddenFolder: HiddenFolder?

    /// Names a program; its working directory is `/`.
    public init(
        path: String,
        arguments: [String],
        environment: Environment,
        forbidsNewPrivileges: Bool,
        largestOutputByteCount: Int,
        hiddenFolder: HiddenFolder? = nil
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.forbidsNewPrivileges = forbidsNewPrivileges
        self.largestOutputByteCount = largestOutputByteCount
        self.hiddenFolder = hiddenFolder
    }

    /// The last part of its path, for messages.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
