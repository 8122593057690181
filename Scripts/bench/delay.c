// A provider far away: a proxy on loopback that holds what clients send for a while.
//
// Usage: delay LISTEN-PORT TARGET-PORT MILLISECONDS
//
// Bytes from a client go on to the target MILLISECONDS after they came; bytes from the target go on at once.
// So each request takes that much longer, whatever is spoken (HTTP/1.1, TLS, HTTP/2), a TLS handshake too,
// and no bandwidth is lost. Prints `ready` when it listens. One thread, epoll, a timer for exactness.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { DOWN_ROOM = 256 * 1024, UP_ROOM = 64 * 1024 };

struct pair;

// One end of a pair, as epoll knows it.
struct end {
    struct pair *pair;
    int descriptor;
};

struct pair {
    struct end client, target;
    // From the target, not yet taken by the client.
    char *down;
    size_t start, filled;
    // Held chunks that still point here.
    int held;
    int closed;
    // The client has said all.
    int client_done;
};

// What a client sent, until it is due. The delay is the same for all, so the queue is in order.
struct chunk {
    struct chunk *next;
    struct pair *pair;
    int64_t due;
    size_t length;  // 0: the client has closed
    char bytes[];
};

static struct chunk *first, *last;
static int64_t delay;
static int events, timer;
static struct sockaddr_in target_address;

static void stop(const char *what) {
    fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void watch(struct end *end, uint32_t what, int operation) {
    struct epoll_event event = {.events = what, .data.ptr = end};
    if (epoll_ctl(events, operation, end->descriptor, &event) != 0) stop("epoll_ctl");
}

static void release(struct pair *pair) {
    if (pair->closed && pair->held == 0) {
        free(pair->down);
        free(pair);
    }
}

// The pair itself is freed after the round of events, when no held chunk points to it.
static struct pair *doomed[4096];
static int doomed_count;

static void close_pair(struct pair *pair) {
    if (pair->closed) return;
    pair->closed = 1;
    close(pair->client.descriptor);
    close(pair->target.descriptor);
    pair->held++;
    if (doomed_count == 4096) abort();
    doomed[doomed_count++] = pair;
}

static void bury(void) {
    for (int i = 0; i < doomed_count; i++) {
        doomed[i]->held--;
        release(doomed[i]);
    }
    doomed_count = 0;
}

static void set_timer(void) {
    if (first == NULL) return;
    struct itimerspec when = {0};
    when.it_value.tv_sec = first->due / 1000000000;
    when.it_value.tv_nsec = first->due % 1000000000;
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) != 0) stop("timerfd_settime");
}

static void hold(struct pair *pair, const char *bytes, size_t length) {
    struct chunk *chunk = malloc(sizeof *chunk + length);
    if (chunk == NULL) stop("memory");
    *chunk = (struct chunk){.pair = pair, .due = now() + delay, .length = length};
    memcpy(chunk->bytes, bytes, length);
    pair->held++;
    if (first == NULL) {
        first = last = chunk;
        set_timer();
    } else {
        last->next = chunk;
        last = chunk;
    }
}

// Requests are small; should the target not take one at once, waiting for it is right.
static int send_all(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
            if (poll(&wait, 1, 5000) <= 0) return -1;
            continue;
        }
        if (sent < 0) return -1;
        bytes += sent;
        length -= (size_t)sent;
    }
    return 0;
}

static void deliver_due(void) {
    while (first != NULL && first->due <= now()) {
        struct chunk *chunk = first;
        struct pair *pair = chunk->pair;
        first = chunk->next;
        pair->held--;
        if (!pair->closed) {
            if (chunk->length == 0) {
                shutdown(pair->target.descriptor, SHUT_WR);
            } else if (send_all(pair->target.descriptor, chunk->bytes, chunk->length) != 0) {
                close_pair(pair);
            }
        }
        release(pair);
        free(chunk);
    }
    set_timer();
}

static void from_client(struct pair *pair) {
    char bytes[UP_ROOM];
    ssize_t length = recv(pair->client.descriptor, bytes, sizeof bytes, 0);
    if (length > 0) {
        hold(pair, bytes, (size_t)length);
    } else if (length == 0) {
        hold(pair, bytes, 0);
        pair->client_done = 1;
        watch(&pair->client, pair->filled > 0 ? EPOLLOUT : 0, EPOLL_CTL_MOD);
    } else if (errno != EAGAIN) {
        close_pair(pair);
    }
}

// Sends what is there; 0 when all of it went.
static int drain(struct pair *pair) {
    while (pair->start < pair->filled) {
        ssize_t sent = send(pair->client.descriptor, pair->down + pair->start,
                            pair->filled - pair->start, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EAGAIN) close_pair(pair);
            return 1;
        }
        pair->start += (size_t)sent;
    }
    pair->start = pair->filled = 0;
    return 0;
}

static void from_target(struct pair *pair) {
    ssize_t length = recv(pair->target.descriptor, pair->down, DOWN_ROOM, 0);
    if (length <= 0) {
        if (length == 0 || errno != EAGAIN) close_pair(pair);
        return;
    }
    pair->filled = (size_t)length;
    if (drain(pair) != 0 && !pair->closed) {
        // Not watched at all until there is room again: a hang-up would be told over and over.
        watch(&pair->target, 0, EPOLL_CTL_DEL);
        watch(&pair->client, (pair->client_done ? 0 : EPOLLIN) | EPOLLOUT, EPOLL_CTL_MOD);
    }
}

static void to_client(struct pair *pair) {
    if (drain(pair) == 0) {
        watch(&pair->client, pair->client_done ? 0 : EPOLLIN, EPOLL_CTL_MOD);
        watch(&pair->target, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static void welcome(int listener) {
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    int target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (target < 0) stop("socket");
    if (connect(target, (struct sockaddr *)&target_address, sizeof target_address) != 0) {
        close(client);
        close(target);
        return;
    }
    int one = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(target, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL || (pair->down = malloc(DOWN_ROOM)) == NULL) stop("memory");
    pair->client = (struct end){pair, client};
    pair->target = (struct end){pair, target};
    watch(&pair->client, EPOLLIN, EPOLL_CTL_ADD);
    watch(&pair->target, EPOLLIN, EPOLL_CTL_ADD);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: delay LISTEN-PORT TARGET-PORT MILLISECONDS\n");
        return 2;
    }
    delay = (int64_t)(atof(argv[3]) * 1e6);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target_address = address;
    target_address.sin_port = htons((uint16_t)atoi(argv[2]));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) stop("bind");
    if (listen(listener, 1024) != 0) stop("listen");
    events = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (events < 0 || timer < 0) stop("epoll");
    struct end door = {NULL, listener}, clock = {NULL, timer};
    watch(&door, EPOLLIN, EPOLL_CTL_ADD);
    watch(&clock, EPOLLIN, EPOLL_CTL_ADD);
    puts("ready");
    fflush(stdout);

    for (;;) {
        struct epoll_event ready[128];
        int count = epoll_wait(events, ready, 128, -1);
        if (count < 0 && errno != EINTR) stop("epoll_wait");
        for (int i = 0; i < count; i++) {
            struct end *end = ready[i].data.ptr;
            uint32_t what = ready[i].events;
            if (end == &door) {
                welcome(listener);
            } else if (end == &clock) {
                uint64_t times;
                if (read(timer, &times, sizeof times) > 0) deliver_due();
            } else if (!end->pair->closed) {
                struct pair *pair = end->pair;
                if (end == &pair->client) {
                    if (what & EPOLLOUT) to_client(pair);
                    if (!pair->closed && (what & EPOLLIN)) from_client(pair);
                    else if (!pair->closed && (what & (EPOLLHUP | EPOLLERR))) close_pair(pair);
                } else {
                    from_target(pair);
                }
            }
        }
        bury();
    }
}
