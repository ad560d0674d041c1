#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
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
// With `only_run`, it may only be read and executed.
static inline int clinux_landlock_allow(
    int rules, const char *path, int version, int only_run) {
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
        if (only_run) rule.allowed_access &= 1ull | 1ull << 2;
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
// it is killed when the thread that called this ends. Descriptors 0 to 2 must be open. Returns the
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

// The thread that starts programs for all others: it lives as long as the process, so that the
// programs do, too.
struct clinux_starter {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct clinux_program *wanted;
    pid_t process;
    int error;
};

static inline void *clinux_starter_body(void *context) {
    struct clinux_starter *starter = context;
    pthread_mutex_lock(&starter->lock);
    for (;;) {
        while (!starter->wanted) pthread_cond_wait(&starter->changed, &starter->lock);
        starter->process = clinux_start(starter->wanted);
        starter->error = errno;
        starter->wanted = NULL;
        pthread_cond_broadcast(&starter->changed);
    }
    return NULL;
}

static inline int clinux_start_thread(void *(*body)(void *), void *context);

// Starts a program as clinux_start does; it is killed when this process ends, not before.
static inline pid_t clinux_start_lasting(const struct clinux_program *program) {
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    static struct clinux_starter *starter;
    static pid_t owner;
    int error = 0;
    pid_t process = -1;
    pthread_mutex_lock(&one_at_a_time);
    // A fork has no thread but its own.
    if (!starter || owner != getpid()) {
        struct clinux_starter *made = calloc(1, sizeof *made);
        error = made ? 0 : ENOMEM;
        if (made) {
            pthread_mutex_init(&made->lock, NULL);
            pthread_cond_init(&made->changed, NULL);
            // Signals are for the other threads.
            sigset_t all, before;
            sigfillset(&all);
            pthread_sigmask(SIG_SETMASK, &all, &before);
            error = clinux_start_thread(clinux_starter_body, made);
            pthread_sigmask(SIG_SETMASK, &before, NULL);
        }
        if (error) {
            free(made);
        } else {
            starter = made;
            owner = getpid();
        }
    }
    if (!error) {
        pthread_mutex_lock(&starter->lock);
        starter->wanted = program;
        pthread_cond_broadcast(&starter->changed);
        while (starter->wanted) pthread_cond_wait(&starter->changed, &starter->lock);
        process = starter->process;
        error = starter->error;
        pthread_mutex_unlock(&starter->lock);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return process;
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

// struct ucred is declared only with _GNU_SOURCE.
static inline int clinux_peer_user(int socket, unsigned *user) {
    struct { pid_t process; uid_t user; gid_t group; } peer;
    socklen_t count = sizeof(peer);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &count) != 0) return -1;
    *user = peer.user;
    return 0;
}

// Swift cannot write into the fixed array of sockaddr_un.
static inline int clinux_unix_address(struct sockaddr_un *address, const char *path) {
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof(address->sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address->sun_path, path);
    return 0;
}

static inline int clinux_unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

static inline int clinux_unix_connect(int socket, const char *path) {
    struct sockaddr_un address;
    if (clinux_unix_address(&address, path) != 0) return -1;
    return connect(socket, (struct sockaddr *)&address, sizeof(address));
}

static inline int clinux_unix_listen(int socket, const char *path) {
    struct sockaddr_un address;
    if (clinux_unix_address(&address, path) != 0) return -1;
    if (bind(socket, (struct sockaddr *)&address, sizeof(address)) != 0) return -1;
    return listen(socket, 1024);
}

// The signals that end a process come as bytes of the returned descriptor from now on.
static inline int clinux_end_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0) return -1;
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

// pthread_attr_t is a union that Swift cannot make everywhere.
static inline int clinux_start_thread(void *(*body)(void *), void *context) {
    pthread_attr_t attributes;
    pthread_t thread;
    int status = pthread_attr_init(&attributes);
    if (status != 0) return status;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    status = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return status;
}

#endif
