/*
 * The floor of the benchmark "echo": one thread on a plain epoll loop, nothing above the system calls.
 *
 *   echo_floor PORT
 *
 * Level-triggered and one recv per event, as http_floor.c. A send that does not fit keeps the bytes, and stops the reading of that connection until the socket takes the rest.
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
#include <unistd.h>

enum { BACKLOG = 1024, EVENTS = 1024, READ = 16384 };

struct connection {
  int fd;
  char *kept; /* what the socket did not take, or null */
  size_t at, length;
};

static int epfd;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct connection *c, int op, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(epfd, op, c->fd, &event) < 0) {
    fail("epoll_ctl");
  }
}

static void drop(struct connection *c) {
  close(c->fd);
  free(c->kept);
  free(c);
}

/* How much of the bytes the socket takes; -1 if the connection is gone. */
static ssize_t push(struct connection *c, const char *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t n = send(c->fd, bytes + done, length - done, MSG_NOSIGNAL);
    if (n < 0) {
      return errno == EAGAIN ? (ssize_t)done : -1;
    }
    done += (size_t)n;
  }
  return (ssize_t)done;
}

static void serve(struct connection *c, unsigned events) {
  static char buffer[READ];
  if (events & EPOLLOUT) {
    ssize_t n = push(c, c->kept + c->at, c->length - c->at);
    if (n < 0) {
      drop(c);
      return;
    }
    c->at += (size_t)n;
    if (c->at == c->length) {
      free(c->kept);
      c->kept = NULL;
      watch(c, EPOLL_CTL_MOD, EPOLLIN);
    }
    return;
  }
  ssize_t n = recv(c->fd, buffer, sizeof(buffer), 0);
  if (n < 0 && errno == EAGAIN) {
    return;
  }
  ssize_t sent = n <= 0 ? -1 : push(c, buffer, (size_t)n);
  if (sent < 0) {
    drop(c);
  } else if (sent < n) {
    c->at = 0;
    c->length = (size_t)(n - sent);
    c->kept = malloc(c->length);
    if (c->kept == NULL) {
      fail("malloc");
    }
    memcpy(c->kept, buffer + sent, c->length);
    watch(c, EPOLL_CTL_MOD, EPOLLOUT);
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
