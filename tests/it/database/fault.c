/* A disk that fails on demand: stands before the C library (LD_PRELOAD) and lets writes or syncs of the
   database's files fail with an error number, or everything wait. FAULT names a file that says which: "w28" is
   no space for writes, "s5" an error for syncs, "h" a disk that hangs; an empty or missing one is a disk in good
   health. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What is wrong with the disk at this moment. */
static void ask(char said[16]) {
    const char *name = getenv("FAULT");
    memset(said, 0, 16);
    int control = name ? syscall(SYS_openat, AT_FDCWD, name, O_RDONLY) : -1;
    if (control < 0) return;
    syscall(SYS_read, control, said, 15);
    syscall(SYS_close, control);
}

static int is_database(const char *path) { return strstr(path, "better-auth.db") != NULL; }

static void hang(char said[16]) {
    struct timespec while_ = {0, 5 * 1000 * 1000};
    for (; said[0] == 'h'; ask(said)) nanosleep(&while_, NULL);
}

static int fault(int fd, char kind) {
    int before = errno, number = 0;
    char said[16], link[64], path[4096];
    ask(said);
    if (said[0]) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t end = readlink(link, path, sizeof path - 1);
        path[end < 0 ? 0 : end] = 0;
        if (is_database(path)) {
            hang(said);
            if (said[0] == kind) number = atoi(said + 1);
        }
    }
    errno = number ? number : before;
    return number;
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *found) {
    char said[16];
    /* The standard library asks with none whether there is such a call. */
    const char *volatile given = path;
    if (given && is_database(path)) {
        ask(said);
        hang(said);
    }
    return syscall(SYS_statx, folder, path, flags, mask, found);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at) {
    return fault(fd, 'r') ? -1 : syscall(SYS_pread64, fd, bytes, count, at);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
    return fault(fd, 'r') ? -1 : syscall(SYS_pread64, fd, bytes, count, at);
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
