internal import COpenSSL
internal import Glibc

/// The protection of a process that holds secrets.
///
/// Each program applies it before anything else.
public enum ProcessHardening {
    /// Turns core dumps off, and keeps other processes of the same user from reading the memory.
    public static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // SAFETY: setrlimit reads the structure during the call.
        _ = unsafe setrlimit(__rlimit_resource_t(4), &none)  // RLIMIT_CORE
        _ = copenssl_forbid_dumps()
    }
}
