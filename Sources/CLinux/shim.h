#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// renameat2(2), RENAME_NOREPLACE: glibc declares it only with _GNU_SOURCE.
static inline int clinux_rename_to_free(const char *source, const char *path) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, path, 1u);
}

#endif
