#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// renameat2(2), RENAME_NOREPLACE: glibc declares it only with _GNU_SOURCE.
static inline int clinux_rename_to_free(const char *source, const char *path) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, path, 1u);
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
