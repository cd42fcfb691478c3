#pragma once
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

/// openat2(2), for which glibc has no function: opens `path` beneath `directory`, through no
/// symbolic link and onto no other file system. -1 and errno where that cannot be.
static inline int clinux_open_beneath(int directory, const char *path, int flags, int mode) {
    struct open_how how = {
        .flags = (unsigned int)flags,
        .mode = (unsigned int)mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}
