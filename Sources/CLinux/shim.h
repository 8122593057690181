// Declarations that glibc hides without _GNU_SOURCE; no logic of any kind.
#pragma once

#include <malloc.h>
#include <fcntl.h>
#include <sys/types.h>

extern int renameat2(int from, const char *old, int to, const char *new_, unsigned int flags);
extern int syncfs(int fd);
extern int sync_file_range(int fd, off_t offset, off_t count, unsigned int flags);

enum { CLINUX_RENAME_NOREPLACE = 1 };

// open and openat are variadic.
static inline int clinux_openat(int dir, const char *path, int flags, mode_t mode) {
    return openat(dir, path, flags, mode);
}
