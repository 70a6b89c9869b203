/* A disk that takes SLOW_US microseconds longer for every flush: put before a server by LD_PRELOAD (bench/spine.py --slow). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int flushed(const char *name, int file) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    usleep(atoi(getenv("SLOW_US")));
    return real(file);
}

int fsync(int file) { return flushed("fsync", file); }
int fdatasync(int file) { return flushed("fdatasync", file); }
