internal import Glibc

/// OpenSSH's program ssh-keygen.
public enum SSHKeygen {
    /// Runs ssh-keygen in the place of this process; returns only if that fails, with the reason.
    public static func replace(_ arguments: [String]) -> GitError {
        // SAFETY: execvp reads the strings until it replaces this process; the last pointer is nil.
        var pointers = unsafe (["ssh-keygen"] + arguments).map { unsafe strdup($0) } + [nil]
        unsafe execvp("ssh-keygen", &pointers)
        for index in unsafe pointers.indices { unsafe free(pointers[index]) }
        return GitError.noSSHKeygen
    }
}
