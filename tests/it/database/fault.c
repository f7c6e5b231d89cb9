/* A disk that fails on demand: stands before the C library (LD_PRELOAD) and lets writes or syncs of the
   database's files fail with an error number. FAULT names a file that says which: "w28" is no space for
   writes, "s5" an error for syncs; an empty or missing one is a disk in good health. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fault(int fd, char kind) {
    int before = errno, number = 0;
    const char *name = getenv("FAULT");
    char said[16] = "", link[64], path[4096];
    int control = name ? syscall(SYS_openat, AT_FDCWD, name, O_RDONLY) : -1;
    if (control < 0) return 0;
    long length = syscall(SYS_read, control, said, sizeof said - 1);
    syscall(SYS_close, control);
    if (0 < length && said[0] == kind) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t end = readlink(link, path, sizeof path - 1);
        path[end < 0 ? 0 : end] = 0;
        if (strstr(path, "better-auth.db")) number = atoi(said + 1);
    }
    errno = number ? number : before;
    return number;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return fault(fd, 'w') ? -1 : syscall(SYS_write, fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    return fault(fd, 'w') ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return fault(fd, 'w') ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

int fsync(int fd) { return fault(fd, 's') ? -1 : syscall(SYS_fsync, fd); }

int fdatasync(int fd) { return fault(fd, 's') ? -1 : syscall(SYS_fdatasync, fd); }
