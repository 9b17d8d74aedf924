/*
 * The load of the benchmark "echo": on each of CONNECTIONS connections, sends BYTES bytes, waits until as many have come back, and begins anew.
 *
 *   echo_load PORT CONNECTIONS BYTES SECONDS [LIMIT [RATE]]
 *
 * One thread, one epoll instance. Prints what wrk prints: "N requests in S.SSs, ...". Fails if a connection ends or a byte is not the one that was sent.
 *
 * With a LIMIT in milliseconds, for the benchmark "hogs", it begins when each connection has had an echo, says "ready", and records how long each message took to come back. It then also prints "waits-ms p50=P p99=P longest=L
 * starved=N": on N of the connections one took longer than the limit. What has not come back in the end has waited until then. P is at most two seconds.
 *
 * With a RATE, for the benchmark "sleeps", it sends so many messages a second, on the connections in turn, and not whenever one has come back; it never sleeps then. A message whose connection still waits for the one before is left out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, MOST_BYTES = 1 << 20, MOST_MICROS = 2000000, PATIENT = 10 };

struct connection {
  int fd;
  size_t sent, received;
  double begun, longest; /* if waits are recorded */
};

static unsigned char message[MOST_BYTES], answer[MOST_BYTES];
static size_t bytes;
static long requests;
static bool recorded;
static double interval; /* between two messages; 0 if each follows the one that has come back */
static unsigned micros[MOST_MICROS]; /* how many waits took so long; the last counts all longer ones */

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void record(struct connection *c) {
  double wait = now() - c->begun;
  size_t whole = (size_t)(wait * 1e6);
  c->longest = wait > c->longest ? wait : c->longest;
  micros[whole < MOST_MICROS ? whole : MOST_MICROS - 1]++;
}

/* Sends what the socket takes. */
static void push(struct connection *c) {
  if (recorded && c->sent == 0) {
    c->begun = now();
  }
  while (c->sent < bytes) {
    ssize_t n = send(c->fd, message + c->sent, bytes - c->sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) {
        return;
      }
      fail("send");
    }
    c->sent += (size_t)n;
  }
}

static void pull(struct connection *c) {
  for (;;) {
    size_t wanted = bytes - c->received;
    ssize_t n = recv(c->fd, answer, wanted, 0);
    if (n <= 0) {
      if (n < 0 && errno == EAGAIN) {
        return;
      }
      fail("recv");
    }
    if (memcmp(answer, message + c->received, (size_t)n) != 0) {
      fprintf(stderr, "other bytes came back than were sent\n");
      exit(1);
    }
    c->received += (size_t)n;
    if (c->received < bytes) {
      if ((size_t)n < wanted) {
        return;
      }
      continue;
    }
    requests++;
    if (recorded) {
      record(c);
    }
    c->sent = c->received = 0;
    if (interval > 0) {
      return;
    }
    push(c);
    return; /* the answer cannot be here already */
  }
}

static int epfd;

static void turn(void) {
  static struct epoll_event events[EVENTS];
  int n = epoll_wait(epfd, events, EVENTS, interval > 0 ? 0 : 100);
  for (int i = 0; i < n; i++) {
    struct connection *c = events[i].data.ptr;
    if (events[i].events & EPOLLOUT && (interval == 0 || c->sent > 0)) {
      push(c);
    }
    if (events[i].events & EPOLLIN) {
      pull(c);
    }
  }
}

/* Until each connection has had an echo; then forgets how long that took. */
static void begin(struct connection *all, int count) {
  double end = now() + PATIENT;
  for (int i = 0; i < count;) {
    if (all[i].longest > 0) {
      i++;
    } else if (now() < end) {
      turn();
    } else {
      fprintf(stderr, "a connection gets no echo\n");
      exit(1);
    }
  }
  printf("ready\n");
  fflush(stdout);
  memset(micros, 0, sizeof(micros));
  requests = 0;
  for (int i = 0; i < count; i++) {
    all[i].longest = 0;
    all[i].begun = now();
  }
}

/* Sends what is due by now. */
static void pace(struct connection *all, int count, double start) {
  static long due;
  for (; start + due * interval <= now(); due++) {
    struct connection *c = &all[due % count];
    if (c->sent == 0) {
      push(c);
    }
  }
}

/* The wait, in milliseconds, that so many are not longer than. */
static double wait_of(double share) {
  unsigned long waits = 0, so_far = 0;
  for (size_t i = 0; i < MOST_MICROS; i++) {
    waits += micros[i];
  }
  size_t i = 0;
  while (i < MOST_MICROS - 1 && (so_far += micros[i]) < share * waits) {
    i++;
  }
  return i / 1e3;
}

static void print_waits(struct connection *all, int count, double limit) {
  double longest = 0;
  int starved = 0;
  for (int i = 0; i < count; i++) {
    if (interval == 0 || all[i].sent > 0) {
      record(&all[i]);
    }
    longest = all[i].longest > longest ? all[i].longest : longest;
    starved += all[i].longest * 1e3 > limit;
  }
  printf("waits-ms p50=%.3f p99=%.3f longest=%.3f starved=%d\n", wait_of(0.5), wait_of(0.99), longest * 1e3, starved);
}

int main(int argc, char **argv) {
  if (argc < 5 || argc > 7) {
    fprintf(stderr, "usage: %s PORT CONNECTIONS BYTES SECONDS [LIMIT [RATE]]\n", argv[0]);
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET,
      .sin_port = htons((unsigned short)atoi(argv[1])),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int count = atoi(argv[2]);
  bytes = (size_t)atol(argv[3]);
  double seconds = atof(argv[4]);
  double limit = argc > 5 ? atof(argv[5]) : 0;
  double rate = argc > 6 ? atof(argv[6]) : 0;
  recorded = argc > 5;
  if (count <= 0 || bytes == 0 || bytes > MOST_BYTES || seconds <= 0 || limit < 0 || rate < 0) {
    fprintf(stderr, "bad arguments\n");
    return 2;
  }
  for (size_t i = 0; i < bytes; i++) {
    message[i] = (unsigned char)(i * 31 + 7);
  }
  epfd = epoll_create1(EPOLL_CLOEXEC);
  struct connection *all = calloc((size_t)count, sizeof(*all));
  if (epfd < 0 || all == NULL) {
    fail("cannot start");
  }
  for (int i = 0; i < count; i++) {
    int on = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &all[i]};
    all[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (all[i].fd < 0 || connect(all[i].fd, (struct sockaddr *)&address, sizeof(address)) < 0
        || fcntl(all[i].fd, F_SETFL, O_NONBLOCK) < 0) {
      fail("cannot connect");
    }
    setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (epoll_ctl(epfd, EPOLL_CTL_ADD, all[i].fd, &event) < 0) {
      fail("epoll_ctl");
    }
  }
  if (recorded) {
    begin(all, count);
  }
  interval = rate > 0 ? 1 / rate : 0;
  double start = now(), end = start + seconds;
  while (now() < end) {
    turn();
    if (interval > 0) {
      pace(all, count, start);
    }
  }
  printf("%ld requests in %.2fs, echo of %zu bytes\n", requests, now() - start, bytes);
  if (recorded) {
    print_waits(all, count, limit);
  }
  return 0;
}
