/* SPDX-License-Identifier: Apache-2.0
 *
 * A load of valid Kafka frames and a broker that answers them, for gateway.py. One thread each; bodies of a megabyte
 * go out by sendfile and are discarded by the kernel where they come in, so that it costs less than any proxy between.
 *
 *   gateway_load broker HOST PORT                                   prints the port; ends with standard input
 *   gateway_load load HOST PORT produce|fetch|small CONNECTIONS DEPTH WARMUP_SECONDS SECONDS     prints JSON
 *   gateway_load idle HOST PORT CONNECTIONS                         prints when all are open; ends with standard input
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { large_size = 1 << 20, small_size = 1 << 10, head_size = 64, ring_size = 256, gather_size = 1 << 16 };

static void fail(const char *what) {
    fprintf(stderr, "gateway_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* MARK: - Frames */

/* A frame that is sent again and again; only its correlation id changes. */
struct frame {
    uint8_t *bytes;
    size_t size, correlation_at;
    int file; /* the same bytes in memory that sendfile can read; -1 for a small frame */
};

static struct frame building;
static size_t room;

static void put(const void *bytes, size_t size) {
    if (building.size + size > room) {
        room = (building.size + size) * 2;
        building.bytes = realloc(building.bytes, room);
        if (!building.bytes) fail("realloc");
    }
    memcpy(building.bytes + building.size, bytes, size);
    building.size += size;
}

static void put_number(uint64_t value, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) put(&(uint8_t){(uint8_t)(value >> shift)}, 1);
}

static void put_varint(uint32_t value) {
    for (; value >= 0x80; value >>= 7) put(&(uint8_t){(uint8_t)(value | 0x80)}, 1);
    put(&(uint8_t){(uint8_t)value}, 1);
}

/* A compact string, array or byte string is preceded by its count and one. */
static void put_count(uint32_t count) { put_varint(count + 1); }

static void put_text(const char *text) {
    put_count((uint32_t)strlen(text));
    put(text, strlen(text));
}

static void put_no_tags(void) { put_varint(0); }

/* One batch of version 2, whose content nobody looks into. */
static void put_records(uint32_t size) {
    put_count(size);
    put_number(0, 8);
    put_number(size - 12, 4);
    put_number(0, 4);
    put_number(2, 1);
    uint8_t *zeros = calloc(1, size);
    if (!zeros) fail("calloc");
    put(zeros, size - 17);
    free(zeros);
}

static void begin(void) {
    memset(&building, 0, sizeof building);
    room = 0;
    put_number(0, 4);
}

static void begin_request(int api, int version) {
    begin();
    put_number((uint64_t)api, 2);
    put_number((uint64_t)version, 2);
    building.correlation_at = building.size;
    put_number(0, 4);
    put_number(5, 2);
    put("bench", 5);
    put_no_tags();
}

static void begin_answer(int has_tags) {
    begin();
    building.correlation_at = building.size;
    put_number(0, 4);
    if (has_tags) put_no_tags();
}

static struct frame end(void) {
    uint32_t length = htonl((uint32_t)(building.size - 4));
    memcpy(building.bytes, &length, 4);
    building.file = -1;
    if (building.size > gather_size) {
        building.file = memfd_create("frame", 0);
        if (building.file < 0) fail("memfd_create");
        if (write(building.file, building.bytes, building.size) != (ssize_t)building.size) fail("write");
    }
    return building;
}

static struct frame produce_request(uint32_t size) {
    begin_request(0, 9);
    put_varint(0);          /* transactional id: null */
    put_number(0xffff, 2);  /* acks: all */
    put_number(30000, 4);
    put_count(1);
    put_text("bench");
    put_count(1);
    put_number(0, 4);
    put_records(size);
    put_no_tags();
    put_no_tags();
    put_no_tags();
    return end();
}

/* `padding` goes into a tagged field that nobody knows. */
static struct frame produce_answer(uint32_t padding) {
    begin_answer(1);
    put_count(1);
    put_text("bench");
    put_count(1);
    put_number(0, 4);
    put_number(0, 2);
    put_number(0, 8);
    put_number(UINT64_MAX, 8);
    put_number(0, 8);
    put_count(0);
    put_varint(0);
    put_no_tags();
    put_no_tags();
    put_number(0, 4);
    put_varint(padding ? 1 : 0);
    if (padding) {
        put_varint(1000);
        put_varint(padding);
        uint8_t *zeros = calloc(1, padding);
        if (!zeros) fail("calloc");
        put(zeros, padding);
        free(zeros);
    }
    return end();
}

static struct frame fetch_request(void) {
    begin_request(1, 12);
    put_number(UINT32_MAX, 4);
    put_number(500, 4);
    put_number(1, 4);
    put_number(50 << 20, 4);
    put_number(0, 1);
    put_number(0, 4);
    put_number(UINT32_MAX, 4);
    put_count(1);
    put_text("bench");
    put_count(1);
    put_number(0, 4);
    put_number(UINT32_MAX, 4);
    put_number(0, 8);
    put_number(UINT32_MAX, 4);
    put_number(UINT64_MAX, 8);
    put_number(large_size, 4);
    put_no_tags();
    put_no_tags();
    put_count(0);
    put_text("");
    put_no_tags();
    return end();
}

static struct frame fetch_answer(void) {
    begin_answer(1);
    put_number(0, 4);
    put_number(0, 2);
    put_number(0, 4);
    put_count(1);
    put_text("bench");
    put_count(1);
    put_number(0, 4);
    put_number(0, 2);
    put_number(1, 8);
    put_number(1, 8);
    put_number(0, 8);
    put_varint(0);
    put_number(UINT32_MAX, 4);
    put_records(large_size);
    put_no_tags();
    put_no_tags();
    put_no_tags();
    return end();
}

static struct frame versions_request(void) {
    begin_request(18, 3);
    put_text("bench");
    put_text("1");
    put_no_tags();
    return end();
}

static struct frame versions_answer(void) {
    static const int ranges[][3] = {{0, 9, 9}, {1, 12, 12}, {3, 9, 9}, {18, 0, 3}};
    begin_answer(0);
    put_number(0, 2);
    put_count(4);
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 3; j++) put_number((uint64_t)ranges[i][j], 2);
        put_no_tags();
    }
    put_number(0, 4);
    put_no_tags();
    return end();
}

static struct frame metadata_request(void) {
    begin_request(3, 9);
    put_count(1);
    put_text("bench");
    put_no_tags();
    put_number(0, 1);
    put_number(0, 1);
    put_number(0, 1);
    put_no_tags();
    return end();
}

static struct frame metadata_answer(const char *host, int port) {
    begin_answer(1);
    put_number(0, 4);
    put_count(1);
    put_number(1, 4);
    put_text(host);
    put_number((uint64_t)port, 4);
    put_varint(0);
    put_no_tags();
    put_text("bench-cluster");
    put_number(1, 4);
    put_count(1);
    put_number(0, 2);
    put_text("bench");
    put_number(0, 1);
    put_count(1);
    put_number(0, 2);
    put_number(0, 4);
    put_number(1, 4);
    put_number(0, 4);
    for (int i = 0; i < 2; i++) {
        put_count(1);
        put_number(1, 4);
    }
    put_count(0);
    put_no_tags();
    put_number(0x80000000u, 4);
    put_no_tags();
    put_number(0x80000000u, 4);
    put_no_tags();
    return end();
}

/* MARK: - Connections */

struct connection {
    int socket;
    uint8_t head[12];          /* of the frame that is coming in */
    uint32_t head_size, skip;  /* and what is left of it */
    struct {
        const struct frame *frame;
        uint32_t correlation;
        uint64_t start;
    } ring[ring_size];         /* a broker: what is to be sent; a client: also what is awaited */
    uint32_t first, next_out, last;
    size_t sent;               /* of the large frame that is going out */
    uint8_t *rest;             /* of small frames that did not go out at once */
    size_t rest_from, rest_to;
    uint32_t events, answered;
};

static int poller;
static int is_client;

static void watch(struct connection *c, uint32_t events) {
    if (c->events == events) return;
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poller, c->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, c->socket, &event) != 0) fail("epoll_ctl");
    c->events = events;
}

static void enqueue(struct connection *c, const struct frame *frame, uint32_t correlation) {
    if (c->last - c->first == ring_size) {
        errno = EOVERFLOW;
        fail("too many frames on one connection");
    }
    c->ring[c->last % ring_size].frame = frame;
    c->ring[c->last % ring_size].correlation = correlation;
    c->ring[c->last++ % ring_size].start = now();
}

static void copy_frame(uint8_t *to, const struct frame *frame, uint32_t correlation, size_t size) {
    memcpy(to, frame->bytes, size);
    correlation = htonl(correlation);
    memcpy(to + frame->correlation_at, &correlation, 4);
}

/* Sends what can be sent; false when the other side is gone. */
static int flush(struct connection *c) {
    static uint8_t gathered[gather_size];
    for (;;) {
        ssize_t done;
        if (c->rest_from < c->rest_to) {
            done = send(c->socket, c->rest + c->rest_from, c->rest_to - c->rest_from, MSG_NOSIGNAL);
            if (done > 0) {
                c->rest_from += (size_t)done;
                continue;
            }
        } else if (c->next_out == c->last) {
            watch(c, EPOLLIN);
            return 1;
        } else if (c->ring[c->next_out % ring_size].frame->file >= 0) {
            const struct frame *frame = c->ring[c->next_out % ring_size].frame;
            if (c->sent < head_size) {
                copy_frame(gathered, frame, c->ring[c->next_out % ring_size].correlation, head_size);
                done = send(c->socket, gathered + c->sent, head_size - c->sent, MSG_NOSIGNAL | MSG_MORE);
            } else {
                off_t from = (off_t)c->sent;
                done = sendfile(c->socket, frame->file, &from, frame->size - c->sent);
            }
            if (done > 0) {
                c->sent += (size_t)done;
                if (c->sent == frame->size) {
                    c->sent = 0;
                    if (!is_client) c->first++;
                    c->next_out++;
                }
                continue;
            }
        } else {
            size_t size = 0;
            while (c->next_out != c->last) {
                const struct frame *frame = c->ring[c->next_out % ring_size].frame;
                if (frame->file >= 0 || size + frame->size > gather_size) break;
                copy_frame(gathered + size, frame, c->ring[c->next_out % ring_size].correlation, frame->size);
                size += frame->size;
                if (!is_client) c->first++;
                c->next_out++;
            }
            done = send(c->socket, gathered, size, MSG_NOSIGNAL);
            if (done == (ssize_t)size) continue;
            if (done < 0 && errno != EAGAIN) return 0;
            if (!c->rest) c->rest = malloc(gather_size);
            if (!c->rest) fail("malloc");
            c->rest_from = 0;
            c->rest_to = size - (done > 0 ? (size_t)done : 0);
            memcpy(c->rest, gathered + size - c->rest_to, c->rest_to);
            if (done > 0) continue;
        }
        if (done < 0 && errno != EAGAIN) return 0;
        watch(c, EPOLLIN | EPOLLOUT);
        return 1;
    }
}

typedef void frame_ended(struct connection *);

/* Takes what has come; false when the other side is gone. */
static int receive(struct connection *c, frame_ended *ended) {
    static uint8_t buffer[1 << 18];
    const uint32_t wanted = is_client ? 8 : 12;
    for (;;) {
        if (c->skip > sizeof buffer / 4) {
            ssize_t gone = recv(c->socket, NULL, c->skip, MSG_TRUNC | MSG_DONTWAIT);
            if (gone == 0 || (gone < 0 && errno != EAGAIN)) return 0;
            if (gone < 0) return 1;
            c->skip -= (uint32_t)gone;
            if (c->skip == 0) ended(c);
            continue;
        }
        ssize_t came = recv(c->socket, buffer, sizeof buffer, MSG_DONTWAIT);
        if (came == 0 || (came < 0 && errno != EAGAIN)) return 0;
        if (came < 0) return 1;
        size_t at = 0, size = (size_t)came;
        while (at < size) {
            if (c->skip > 0) {
                uint32_t step = size - at < c->skip ? (uint32_t)(size - at) : c->skip;
                at += step;
                c->skip -= step;
                if (c->skip == 0) ended(c);
                continue;
            }
            size_t step = wanted - c->head_size < size - at ? wanted - c->head_size : size - at;
            memcpy(c->head + c->head_size, buffer + at, step);
            c->head_size += (uint32_t)step;
            at += step;
            if (c->head_size == wanted) {
                uint32_t length;
                memcpy(&length, c->head, 4);
                c->skip = ntohl(length) + 4 - wanted;
                c->head_size = 0;
                if (c->skip == 0) ended(c);
            }
        }
        if (size < sizeof buffer) return 1;
    }
}

static void prepare(int socket) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

static struct sockaddr_in address(const char *host, const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail("address");
    return address;
}

/* MARK: - Broker */

static struct frame large_produced, small_produced, fetched, versions, metadata;

static void request_ended(struct connection *c) {
    uint32_t length, correlation;
    memcpy(&length, c->head, 4);
    memcpy(&correlation, c->head + 8, 4);
    correlation = ntohl(correlation);
    switch (c->head[4] << 8 | c->head[5]) {
        case 0: enqueue(c, ntohl(length) > gather_size ? &large_produced : &small_produced, correlation); break;
        case 1: enqueue(c, &fetched, correlation); break;
        case 3: enqueue(c, &metadata, correlation); break;
        case 18: enqueue(c, &versions, correlation); break;
        default: errno = EPROTO; fail("a request of an unknown kind");
    }
}

static void run_broker(const char *host, const char *port) {
    struct sockaddr_in at = address(host, port);
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 65535) != 0) fail("listen");
    getsockname(listener, (struct sockaddr *)&at, &size);
    large_produced = produce_answer(0);
    small_produced = produce_answer(small_size - 60);
    fetched = fetch_answer();
    versions = versions_answer();
    metadata = metadata_answer(host, ntohs(at.sin_port));
    struct connection acceptor = {.socket = listener}, input = {.socket = 0};
    watch(&acceptor, EPOLLIN);
    watch(&input, EPOLLIN);
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int count = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == &input) exit(0);
            if (c == &acceptor) {
                int socket;
                while ((socket = accept(listener, NULL, NULL)) >= 0) {
                    struct connection *new = calloc(1, sizeof *new);
                    if (!new) fail("calloc");
                    new->socket = socket;
                    prepare(socket);
                    watch(new, EPOLLIN);
                }
                continue;
            }
            int lives = 1;
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) lives = receive(c, request_ended);
            if (lives) lives = flush(c);
            if (!lives) {
                close(c->socket);
                free(c->rest);
                free(c);
            }
        }
    }
}

/* MARK: - Client */

static struct frame work, ask_versions, ask_metadata;
static uint32_t *latencies;
static size_t latency_count, latency_room;
static uint64_t answered, measured_from;
static int keeps_going;

static void answer_ended(struct connection *c) {
    uint32_t correlation;
    memcpy(&correlation, c->head + 4, 4);
    if (ntohl(correlation) != c->ring[c->first % ring_size].correlation) {
        errno = EPROTO;
        fail("an answer to another request");
    }
    uint64_t start = c->ring[c->first % ring_size].start;
    c->first++;
    answered++;
    if (c->answered++ < 2 || !keeps_going) return;
    if (measured_from && start >= measured_from) {
        if (latency_count == latency_room) {
            latency_room = latency_room ? latency_room * 2 : 1 << 20;
            latencies = realloc(latencies, latency_room * sizeof *latencies);
            if (!latencies) fail("realloc");
        }
        uint64_t nanoseconds = now() - start;
        latencies[latency_count++] = nanoseconds < UINT32_MAX ? (uint32_t)nanoseconds : UINT32_MAX;
    }
    enqueue(c, &work, c->last);
}

static struct connection *open_connections(const char *host, const char *port, int count, int depth) {
    struct sockaddr_in to = address(host, port);
    struct connection *all = calloc((size_t)count, sizeof *all);
    if (!all) fail("calloc");
    for (int i = 0; i < count; i++) {
        all[i].socket = socket(AF_INET, SOCK_STREAM, 0);
        if (all[i].socket < 0 || connect(all[i].socket, (struct sockaddr *)&to, sizeof to) != 0) fail("connect");
        prepare(all[i].socket);
        enqueue(&all[i], &ask_versions, 0);
        enqueue(&all[i], &ask_metadata, 1);
        for (int j = 0; j < depth; j++) enqueue(&all[i], &work, all[i].last);
        if (!flush(&all[i])) fail("send");
    }
    return all;
}

static void turn(int timeout) {
    struct epoll_event events[256];
    int count = epoll_wait(poller, events, 256, timeout);
    for (int i = 0; i < count; i++) {
        struct connection *c = events[i].data.ptr;
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !receive(c, answer_ended)) fail("receive");
        if (!flush(c)) fail("send");
    }
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void run_load(char **words) {
    const char *kind = words[2];
    int count = atoi(words[3]), depth = atoi(words[4]);
    if (strcmp(kind, "produce") == 0) work = produce_request(large_size);
    else if (strcmp(kind, "fetch") == 0) work = fetch_request();
    else if (strcmp(kind, "small") == 0) work = produce_request(small_size - 50);
    else fail("kind");
    keeps_going = 1;
    open_connections(words[0], words[1], count, depth);
    uint64_t begin = now() + (uint64_t)(atof(words[5]) * 1e9);
    while (now() < begin) turn(10);
    uint64_t before = answered;
    measured_from = now();
    printf("begin\n");
    fflush(stdout);
    uint64_t until = measured_from + (uint64_t)(atof(words[6]) * 1e9);
    while (now() < until) turn(10);
    double seconds = (double)(now() - measured_from) / 1e9;
    uint64_t done = answered - before;
    printf("end\n");
    fflush(stdout);
    if (latency_count == 0) {
        errno = ENODATA;
        fail("no answer came");
    }
    qsort(latencies, latency_count, sizeof *latencies, ascending);
    size_t body = strcmp(kind, "small") == 0 ? small_size : large_size;
    printf("{\"requests\": %llu, \"seconds\": %.3f, \"perSecond\": %.1f, \"megabytesPerSecond\": %.1f, "
           "\"p50Microseconds\": %.1f, \"p99Microseconds\": %.1f}\n",
           (unsigned long long)done, seconds, (double)done / seconds, (double)done * (double)body / 1e6 / seconds,
           latencies[latency_count / 2] / 1e3, latencies[latency_count * 99 / 100] / 1e3);
}

static void run_idle(char **words) {
    int count = atoi(words[2]);
    open_connections(words[0], words[1], count, 0);
    while (answered < 2u * (unsigned)count) turn(1000);
    printf("open\n");
    fflush(stdout);
    char end;
    while (read(0, &end, 1) > 0) {}
}

int main(int argc, char **argv) {
    /* sendfile has no flag against it. */
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(0);
    ask_versions = versions_request();
    ask_metadata = metadata_request();
    if (argc == 4 && strcmp(argv[1], "broker") == 0) run_broker(argv[2], argv[3]);
    is_client = 1;
    if (argc == 9 && strcmp(argv[1], "load") == 0) run_load(argv + 2);
    else if (argc == 5 && strcmp(argv[1], "idle") == 0) run_idle(argv + 2);
    else {
        fprintf(stderr, "usage: see the top of gateway_load.c\n");
        return 2;
    }
    return 0;
}
