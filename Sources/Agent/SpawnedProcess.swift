internal import CLinux
internal import Glibc

/// Starts other programs.
package enum SpawnedProcess {
    private static let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID

    /// Starts a program in a session of its own, with this environment and more variables; `nil` if
    /// it cannot be started.
    ///
    /// `descriptors` gives the program's descriptors: a descriptor of ours, or `nil` for `/dev/null`.
    /// The signals that the agent blocks or ignores have their usual meaning in it.
    package static func start(
        _ program: String,
        _ arguments: [String],
        adding variables: [String] = [],
        descriptors: [Int32: Int32?]
    ) -> Int32? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in descriptors {
            if let source {
                unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                unsafe posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, flags)
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let texts = inherited() + variables
        var environment = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer {
            for index in 0..<arguments.count { unsafe free(words[index]) }
            for index in 0..<texts.count { unsafe free(environment[index]) }
        }
        var process: pid_t = 0
        // SAFETY: all arrays end with a null pointer, and live during the call.
        let status = unsafe posix_spawn(
            &process,
            program,
            &actions,
            &attributes,
            &words,
            &environment
        )
        return status == 0 ? process : nil
    }

    private static func inherited() -> [String] {
        var found: [String] = []
        var item = unsafe environ
        while let text = unsafe item.pointee {
            found.append(unsafe String(cString: text))
            unsafe item += 1
        }
        return found
    }
}
