// Declarations that glibc hides without _GNU_SOURCE; no logic of any kind.
#pragma once

#include <malloc.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

extern int renameat2(int from, const char *old, int to, const char *new_, unsigned int flags);
extern int syncfs(int fd);
extern int sync_file_range(int fd, off_t offset, off_t count, unsigned int flags);

extern int pthread_getattr_default_np(pthread_attr_t *attributes);
extern int pthread_setattr_default_np(const pthread_attr_t *attributes);

extern int pipe2(int ends[2], int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

enum { CLINUX_SYNC_FILE_RANGE_WRITE = 2 };
enum { CLINUX_RENAME_NOREPLACE = 1, CLINUX_MFD_CLOEXEC = 1 };
// Differs between architectures.
enum { CLINUX_O_DIRECT = __O_DIRECT };

// open and openat are variadic.
static inline int clinux_openat(int dir, const char *path, int flags, mode_t mode) {
    return openat(dir, path, flags, mode);
}

// Always close-on-exec.
static inline int clinux_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

// syscall is variadic, and pidfd_open is younger than some C libraries; always close-on-exec.
static inline int clinux_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0u);
}
