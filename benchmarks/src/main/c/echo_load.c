/*
 * The load of the benchmark "echo": on each of CONNECTIONS connections, sends BYTES bytes, waits until as many have come back, and begins anew.
 *
 *   echo_load PORT CONNECTIONS BYTES SECONDS
 *
 * One thread, one epoll instance. Prints what wrk prints: "N requests in S.SSs, ...". Fails if a connection ends or a byte is not the one that was sent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, MOST_BYTES = 1 << 20 };

struct connection {
  int fd;
  size_t sent, received;
};

static unsigned char message[MOST_BYTES], answer[MOST_BYTES];
static size_t bytes;
static long requests;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* Sends what the socket takes. */
static void push(struct connection *c) {
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
    c->sent = c->received = 0;
    push(c);
    return; /* the answer cannot be here already */
  }
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: %s PORT CONNECTIONS BYTES SECONDS\n", argv[0]);
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET,
      .sin_port = htons((unsigned short)atoi(argv[1])),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int count = atoi(argv[2]);
  bytes = (size_t)atol(argv[3]);
  double seconds = atof(argv[4]);
  if (count <= 0 || bytes == 0 || bytes > MOST_BYTES || seconds <= 0) {
    fprintf(stderr, "bad arguments\n");
    return 2;
  }
  for (size_t i = 0; i < bytes; i++) {
    message[i] = (unsigned char)(i * 31 + 7);
  }
  int epfd = epoll_create1(EPOLL_CLOEXEC);
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
  double start = now(), end = start + seconds;
  static struct epoll_event events[EVENTS];
  while (now() < end) {
    int n = epoll_wait(epfd, events, EVENTS, 100);
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) {
        push(c);
      }
      if (events[i].events & EPOLLIN) {
        pull(c);
      }
    }
  }
  printf("%ld requests in %.2fs, echo of %zu bytes\n", requests, now() - start, bytes);
  return 0;
}
