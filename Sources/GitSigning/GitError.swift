public import Failures

/// Git cannot be set up.
public typealias GitError = Failure<GitErrorCode>

/// The kinds of failure of this target.
public enum GitErrorCode: String, FailureCode {
    /// The program git is missing.
    case noGit = "no-git"
    /// The current folder belongs to no repository.
    case noRepository = "no-repository"
    /// A program failed.
    case failed
}

extension GitError {
    static var noGit: GitError {
        GitError(
            .noGit,
            "git is not installed, or not in PATH",
            hint: "install it: apt install git"
        )
    }

    static var noRepository: GitError {
        GitError(
            .noRepository,
            "the current folder is not in a git repository",
            hint: "change into one, or set up git for all of them: keyctl git setup --global"
        )
    }

    static var noSSHKeygen: GitError {
        GitError(
            .failed,
            "ssh-keygen could not be started",
            hint: "install it: apt install openssh-client"
        )
    }

    static func failed(_ command: String) -> GitError {
        GitError(.failed, "a command failed: \(command)")
    }
}
