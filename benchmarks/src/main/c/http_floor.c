/*
 * The floor: what an HTTP answer costs one thread on a plain epoll loop, with nothing above the system calls.
 *
 *   http_floor PORT
 *
 * Level-triggered and one recv per event: a request that fits the buffer costs one recv and one send, and no
 * call only to learn that the socket is empty. A send that does not fit stops the reading of that connection
 * until the socket takes the rest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"
#define LENGTH (sizeof(RESPONSE) - 1)

enum { BACKLOG = 1024, EVENTS = 1024, READ = 4096, BATCH = 64 };

struct connection {
  int fd;
  int matched;    /* how much of CRLFCRLF the bytes so far end with */
  size_t pending; /* bytes of responses still to be sent */
};

static char responses[BATCH * LENGTH];
static int epfd;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Counts the request heads that end in these bytes. */
static size_t scan(struct connection *c, const char *bytes, size_t n) {
  size_t heads = 0;
  int matched = c->matched;
  for (size_t i = 0; i < n; i++) {
    char b = bytes[i];
    if (b == ((matched & 1) == 0 ? '\r' : '\n')) {
      if (++matched == 4) {
        heads++;
        matched = 0;
      }
    } else {
      matched = b == '\r';
    }
  }
  c->matched = matched;
  return heads;
}

static void watch(struct connection *c, int op, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(epfd, op, c->fd, &event) < 0) {
    fail("epoll_ctl");
  }
}

static void drop(struct connection *c) {
  close(c->fd); /* also takes it out of the epoll instance */
  free(c);
}

/* Sends what is pending. Returns 0 if all of it is sent, 1 if the socket is full, -1 if the connection is gone. */
static int flush(struct connection *c) {
  while (c->pending > 0) {
    size_t from = (LENGTH - c->pending % LENGTH) % LENGTH;
    size_t n = c->pending < sizeof(responses) - from ? c->pending : sizeof(responses) - from;
    ssize_t sent = send(c->fd, responses + from, n, MSG_NOSIGNAL);
    if (sent < 0) {
      return errno == EAGAIN ? 1 : -1;
    }
    c->pending -= (size_t)sent;
  }
  return 0;
}

static void serve(struct connection *c, unsigned events) {
  static char buffer[READ];
  int was_full = (events & EPOLLOUT) != 0;
  if (!was_full) {
    ssize_t n = recv(c->fd, buffer, sizeof(buffer), 0);
    if (n < 0 && errno == EAGAIN) {
      return;
    }
    if (n <= 0) {
      drop(c);
      return;
    }
    c->pending = scan(c, buffer, (size_t)n) * LENGTH;
  }
  int full = flush(c);
  if (full < 0) {
    drop(c);
  } else if (full != was_full) {
    watch(c, EPOLL_CTL_MOD, full ? EPOLLOUT : EPOLLIN);
  }
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN) {
        return;
      }
      if (errno == ECONNABORTED || errno == EINTR) {
        continue;
      }
      fail("accept4");
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    struct connection *c = calloc(1, sizeof(*c));
    if (c == NULL) {
      fail("calloc");
    }
    c->fd = fd;
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
  }
}

int main(int argc, char **argv) {
  int port = argc == 2 ? atoi(argv[1]) : 0;
  if (port <= 0 || port > 65535) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return 2;
  }
  for (int i = 0; i < BATCH; i++) {
    memcpy(responses + i * LENGTH, RESPONSE, LENGTH);
  }
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0
      || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, BACKLOG) < 0) {
    fail("cannot listen");
  }
  epfd = epoll_create1(EPOLL_CLOEXEC);
  if (epfd < 0) {
    fail("epoll_create1");
  }
  struct connection listener = {.fd = fd};
  watch(&listener, EPOLL_CTL_ADD, EPOLLIN);

  static struct epoll_event events[EVENTS];
  for (;;) {
    int n = epoll_wait(epfd, events, EVENTS, -1);
    if (n < 0 && errno != EINTR) {
      fail("epoll_wait");
    }
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (c == &listener) {
        accept_all(fd);
      } else {
        serve(c, events[i].events);
      }
    }
  }
}
