internal import AgentClient
internal import DurableFiles

/// The agent that `SSH_AUTH_SOCK` names when ours starts.
enum EarlierSocket {
    /// The path; `nil` where there is none, or it is our own.
    static func path(_ folder: String) -> String? {
        guard let path = AgentAddress.environment(AgentAddress.sshVariable), path.hasPrefix("/")
        else { return nil }
        let parent = DurableFile.folder(of: path)
        let resolved = (try? DurableFile.resolved(parent)) ?? parent
        let own = (try? DurableFile.resolved(folder)) ?? folder
        return resolved == own ? nil : path
    }
}
