#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// renameat2(2), RENAME_NOREPLACE: glibc declares it only with _GNU_SOURCE.
static inline int clinux_rename_to_free(const char *source, const char *path) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, path, 1u);
}

// pipe2(2), O_CLOEXEC: glibc declares it only with _GNU_SOURCE.
static inline int clinux_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// pidfd_open(2): a descriptor that can be read when the process has ended.
static inline int clinux_open_process(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

// The version of Landlock in the kernel; below 1 if it has none (landlock(7)).
static inline int clinux_landlock_version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

// The rights over files that a version of Landlock knows.
static inline unsigned long long clinux_landlock_rights(int version) {
    unsigned long long rights = (1ull << 13) - 1;  // version 1: execute to make_sym
    if (version >= 2) rights |= 1ull << 13;        // refer
    if (version >= 3) rights |= 1ull << 14;        // truncate
    return rights;
}

// Makes rules that forbid everything; returns a descriptor, or -1 with errno.
static inline int clinux_landlock_rules(int version) {
    const struct landlock_ruleset_attr all = {.handled_access_fs = clinux_landlock_rights(version)};
    return (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all.handled_access_fs, 0u);
}

// Allows everything at a path and below it; a link is not followed, and not allowed.
static inline int clinux_landlock_allow(int rules, const char *path, int version) {
    const int place = open(path, 010000000 | O_NOFOLLOW | O_CLOEXEC);  // O_PATH
    if (place < 0) return -1;
    struct stat status;
    int result = fstat(place, &status);
    if (result == 0 && S_ISLNK(status.st_mode)) result = -1;
    if (result == 0) {
        struct landlock_path_beneath_attr rule = {
            .allowed_access = clinux_landlock_rights(version),
            .parent_fd = place,
        };
        // Of a file: execute, write, read, truncate.
        if (!S_ISDIR(status.st_mode)) rule.allowed_access &= 1ull | 1ull << 1 | 1ull << 2 | 1ull << 14;
        result = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0u);
    }
    close(place);
    return result;
}

// A program that is to be started.
struct clinux_program {
    const char *path;
    char *const *arguments;    // with the program's name, ends with NULL
    char *const *environment;  // ends with NULL; NULL: that of this process
    const char *folder;
    int input, output, errors;  // become 0, 1 and 2; each is above 2
    int forbids_new_privileges;
    int rules;  // Landlock rules; -1: none
};

// What happens in the child after fork: only calls that are safe there. Never returns.
static inline void clinux_become(const struct clinux_program *program, pid_t parent, int report) {
    extern char **environ;
    const struct rlimit none = {0, 0};
    sigset_t empty;
    sigemptyset(&empty);
    // Without its own session the program could read from the terminal.
    if (setsid() < 0) goto failed;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    if (getppid() != parent) _exit(127);
    for (int number = 1; number < _NSIG; number++) signal(number, SIG_DFL);
    if (setrlimit(RLIMIT_CORE, &none) != 0) goto failed;
    if (program->forbids_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        goto failed;
    if (program->rules >= 0 && syscall(SYS_landlock_restrict_self, program->rules, 0u) != 0)
        goto failed;
    if (chdir(program->folder) != 0) goto failed;
    if (dup2(program->input, 0) < 0 || dup2(program->output, 1) < 0) goto failed;
    if (dup2(program->errors, 2) < 0) goto failed;
    // Descriptor 3 reports a failure until execve closes it; all others are closed now.
    if (report != 3) {
        if (syscall(SYS_dup3, report, 3, O_CLOEXEC) < 0) goto failed;
        report = 3;
    }
    if (syscall(SYS_close_range, 4u, ~0u, 0u) != 0) goto failed;
    sigprocmask(SIG_SETMASK, &empty, NULL);
    execve(program->path, program->arguments,
           program->environment ? program->environment : environ);
failed:;
    int error = errno;
    if (write(report, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

// Starts a program: in its own session, with three descriptors and no others, without core files;
// it is killed when the thread that started it ends. Descriptors 0 to 2 must be open. Returns the
// process, or -1 with errno.
static inline pid_t clinux_start(const struct clinux_program *program) {
    int report[2];
    if (clinux_pipe(report) != 0) return -1;
    // No handler of this process may run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process == 0) clinux_become(program, parent, report[1]);
    const int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    int error = 0;
    ssize_t count = 0;
    if (process > 0) {
        do count = read(report[0], &error, sizeof error);
        while (count < 0 && errno == EINTR);
    }
    close(report[0]);
    if (process < 0) {
        errno = fork_error;
        return -1;
    }
    if (count == 0) return process;
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    errno = count == (ssize_t)sizeof error ? error : EIO;
    return -1;
}

// Blocks those signals in this thread that would end the process. Returns a descriptor that can be
// read when one of them has come, or -1; `before` is the mask to restore.
static inline int clinux_hold_signals(sigset_t *before) {
    static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    sigset_t held;
    sigemptyset(&held);
    pthread_sigmask(SIG_SETMASK, NULL, before);
    for (unsigned index = 0; index < sizeof ending / sizeof *ending; index++) {
        struct sigaction action;
        if (sigaction(ending[index], NULL, &action) != 0) continue;
        // Somebody else handles, ignores or holds it.
        if (action.sa_handler != SIG_DFL || sigismember(before, ending[index])) continue;
        sigaddset(&held, ending[index]);
    }
    const int descriptor = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor >= 0) pthread_sigmask(SIG_BLOCK, &held, NULL);
    return descriptor;
}

// The number of the held signal that has come; 0 if none has.
static inline int clinux_next_signal(int descriptor) {
    struct signalfd_siginfo came;
    return read(descriptor, &came, sizeof came) == (ssize_t)sizeof came ? (int)came.ssi_signo : 0;
}

#endif
