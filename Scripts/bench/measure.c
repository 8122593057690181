// Runs a program and tells what it took, its children included.
//
// Usage: measure RESULT-FILE REPEAT PROGRAM [ARGUMENT…]
//
// Runs PROGRAM REPEAT times, one after the other, and writes one JSON object: the wall times, and of all
// runs together user and system CPU seconds, the peak resident set in KiB of the largest process, and the
// exit status (the first that isn't 0).
//
// A small program of its own, because a child's peak memory starts with its parent's.

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: measure RESULT-FILE REPEAT PROGRAM [ARGUMENT…]\n");
        return 2;
    }
    FILE *result = fopen(argv[1], "we");
    int repeat = atoi(argv[2]);
    if (result == NULL || repeat < 1) {
        fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
        return 2;
    }
    double user = 0, system = 0;
    long peak = 0;
    int worst = 0;
    fprintf(result, "{\"wall\": [");
    for (int i = 0; i < repeat; i++) {
        double began = now();
        pid_t child = fork();
        if (child == 0) {
            execvp(argv[3], argv + 3);
            fprintf(stderr, "measure: %s: %s\n", argv[3], strerror(errno));
            _exit(127);
        }
        struct rusage usage;
        int status = 0;
        while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        double ended = now();
        fprintf(result, "%s%.6f", i == 0 ? "" : ", ", ended - began);
        user += seconds(usage.ru_utime);
        system += seconds(usage.ru_stime);
        if (usage.ru_maxrss > peak) peak = usage.ru_maxrss;
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (worst == 0) worst = code;
    }
    fprintf(result, "], \"user\": %.6f, \"system\": %.6f, \"peak\": %ld, \"status\": %d}\n", user,
            system, peak, worst);
    return fclose(result) == 0 ? 0 : 2;
}
