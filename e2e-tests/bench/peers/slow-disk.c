/*
 * A slower disk: every fsync and fdatasync of a process that is started with it takes DISK_DELAY_US microseconds more.
 *
 *   cc -shared -fPIC -o /tmp/slow-disk.so e2e-tests/bench/peers/slow-disk.c
 *   DISK_DELAY_US=500 LD_PRELOAD=/tmp/slow-disk.so e2e-tests/bench/run publish
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *delay = getenv("DISK_DELAY_US");
    int result = real(file);
    if (delay != NULL) {
        usleep((useconds_t)strtoul(delay, NULL, 10));
    }
    return result;
}

int fsync(int file) {
    return slowly("fsync", file);
}

int fdatasync(int file) {
    return slowly("fdatasync", file);
}
