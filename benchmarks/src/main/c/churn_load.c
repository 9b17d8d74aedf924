/*
 * The load of the benchmark "churn": on each of CONNECTIONS connections, sends one request, reads the whole answer, closes, and begins anew with a new one.
 *
 *   churn_load PORT CONNECTIONS SECONDS
 *
 * One thread, one epoll instance. Prints what wrk prints, "N requests in S.SSs, ...", and how many connections failed. What is under way when the time is over is brought to its end.
 *
 * Who closes first keeps the pair of ports in TIME_WAIT for a minute, so that they would soon be used up. With TCP_LINGER2 below 0 a socket that was closed is gone when the peer has acknowledged its FIN. The server
 * reads the end of the stream as ever. What its kernel sends after that, its own FIN or a late ACK, is answered by a reset: mostly it has closed by then, and if not its read gives the end all the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"

enum { EVENTS = 1024, READ = 4096, REQUEST_LENGTH = sizeof(REQUEST) - 1, LENGTH = sizeof(RESPONSE) - 1 };

enum failure { REFUSED, RESET, WRONG, LATE, NO_PORT, OTHER, FAILURES };

static const char *const names[] = {"refused", "reset", "wrong", "late", "without a port", "for other reasons"};
static const double TICK = 0.1, PATIENCE = 3; /* seconds: between two looks, and for an answer */

struct connection {
  int fd; /* -1 while it rests after a failure, until the next look */
  size_t sent, received;
  double begun;
};

static struct sockaddr_in address;
static double clock_now, end;
static long requests, failed[FAILURES];
static int epfd, active;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void drop(struct connection *c) {
  close(c->fd); /* also takes it out of the epoll instance */
  c->fd = -1;
  active--;
}

static void give_up(struct connection *c, enum failure why) {
  failed[why]++;
  drop(c);
}

static enum failure failure_of(int error) {
  switch (error) {
    case ECONNREFUSED: return REFUSED;
    case ECONNRESET:
    case EPIPE: return RESET;
    case EADDRNOTAVAIL: return NO_PORT;
    case ETIMEDOUT: return LATE;
    default: return OTHER;
  }
}

/* Sends what the socket takes; -1 if the connection has failed. */
static int push(struct connection *c) {
  while (c->sent < REQUEST_LENGTH) {
    ssize_t n = send(c->fd, REQUEST + c->sent, REQUEST_LENGTH - c->sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) {
        return 0; /* not connected yet */
      }
      give_up(c, failure_of(errno));
      return -1;
    }
    c->sent += (size_t)n;
  }
  return 0;
}

static void watch(struct connection *c, int op) {
  struct epoll_event event = {.events = c->sent < REQUEST_LENGTH ? EPOLLOUT : EPOLLIN, .data.ptr = c};
  if (epoll_ctl(epfd, op, c->fd, &event) < 0) {
    fail("epoll_ctl");
  }
}

static void begin(struct connection *c) {
  int forget = -1, on = 1;
  *c = (struct connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), .begun = clock_now};
  if (c->fd < 0 || setsockopt(c->fd, IPPROTO_TCP, TCP_LINGER2, &forget, sizeof(forget)) < 0
      || setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
    fail("socket");
  }
  active++;
  if (connect(c->fd, (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EINPROGRESS) {
    give_up(c, failure_of(errno));
  } else if (push(c) == 0) { /* on loopback it is connected by now */
    watch(c, EPOLL_CTL_ADD);
  }
}

static void pull(struct connection *c) {
  char answer[READ];
  ssize_t n = recv(c->fd, answer, sizeof(answer), 0);
  if (n < 0) {
    if (errno != EAGAIN) {
      give_up(c, failure_of(errno));
    }
    return;
  }
  if (n == 0 || (size_t)n > LENGTH - c->received || memcmp(answer, RESPONSE + c->received, (size_t)n) != 0) {
    give_up(c, WRONG);
    return;
  }
  c->received += (size_t)n;
  if (c->received == LENGTH) {
    requests++;
    drop(c);
    if (clock_now < end) {
      begin(c);
    }
  }
}

static void look_at(struct connection *all, int count) {
  for (struct connection *c = all; c < all + count; c++) {
    if (c->fd < 0 && clock_now < end) {
      begin(c);
    } else if (c->fd >= 0 && clock_now - c->begun > PATIENCE) {
      give_up(c, LATE);
    }
  }
}

static void report(double start) {
  long all = 0;
  for (int i = 0; i < FAILURES; i++) {
    all += failed[i];
  }
  printf("%ld requests in %.2fs, one on each connection\n%ld connections failed:", requests, clock_now - start, all);
  for (int i = 0; i < FAILURES; i++) {
    printf(" %ld %s%s", failed[i], names[i], i + 1 < FAILURES ? "," : "\n");
  }
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s PORT CONNECTIONS SECONDS\n", argv[0]);
    return 2;
  }
  address = (struct sockaddr_in){.sin_family = AF_INET,
      .sin_port = htons((unsigned short)atoi(argv[1])),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int count = atoi(argv[2]);
  double seconds = atof(argv[3]);
  if (count <= 0 || seconds <= 0) {
    fprintf(stderr, "bad arguments\n");
    return 2;
  }
  epfd = epoll_create1(EPOLL_CLOEXEC);
  struct connection *all = calloc((size_t)count, sizeof(*all));
  if (epfd < 0 || all == NULL) {
    fail("cannot start");
  }
  for (int i = 0; i < count; i++) {
    all[i].fd = -1;
  }
  double start = clock_now = now(), next_look = start;
  end = start + seconds;
  static struct epoll_event events[EVENTS];
  do {
    if (clock_now >= next_look) {
      look_at(all, count);
      next_look = clock_now + TICK;
    }
    int n = epoll_wait(epfd, events, EVENTS, (int)(TICK * 1000));
    clock_now = now();
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (c->sent == REQUEST_LENGTH) {
        pull(c);
      } else if (push(c) == 0) {
        watch(c, EPOLL_CTL_MOD);
      }
    }
  } while (clock_now < end || active > 0); /* none is under way for longer than PATIENCE */
  report(start);
  return 0;
}
