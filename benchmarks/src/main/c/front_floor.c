/*
 * The floor of the benchmark "blocking": for each request, a message to the backend and its echo, then the answer; one thread on a plain epoll loop, nothing above the system calls.
 *
 *   front_floor PORT BACKEND_PORT
 *
 * Level-triggered and one recv per event, as http_floor.c. Each connection of a client has one to the backend, which is made when the first request comes. A client that lets its answers lie until the socket is full is dropped.
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
#include <unistd.h>

#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"
#define LENGTH (sizeof(RESPONSE) - 1)

enum { BACKLOG = 1024, EVENTS = 1024, READ = 4096, MESSAGE = 64 };

struct connection;

struct end {
  int fd;
  struct connection *of;
};

struct connection {
  struct end client, backend;
  int matched;       /* how much of CRLFCRLF the bytes so far end with */
  size_t unanswered; /* requests; the first of them is with the backend */
  size_t echoed;     /* bytes of the message that have come back */
  long number;       /* the message begins with it */
  char message[MESSAGE], echo[MESSAGE];
  int dead;
  struct connection *next; /* of the dead */
};

static struct connection *dead; /* to be freed when no event of the batch can point to them */
static struct sockaddr_in backend;
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

static void watch(struct end *end) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, end->fd, &event) < 0) {
    fail("epoll_ctl");
  }
}

static void drop(struct connection *c) {
  close(c->client.fd); /* also takes it out of the epoll instance */
  if (c->backend.fd >= 0) {
    close(c->backend.fd);
  }
  c->dead = 1;
  c->next = dead;
  dead = c;
}

static void open_backend(struct connection *c) {
  int on = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&backend, sizeof(backend)) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
    fail("cannot reach the backend");
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  c->backend.fd = fd;
  watch(&c->backend);
}

/* Sends the next message, if a request waits for it. */
static void call(struct connection *c) {
  if (c->unanswered == 0) {
    return;
  }
  if (c->backend.fd < 0) {
    open_backend(c);
  }
  c->number++;
  c->echoed = 0;
  memcpy(c->message, &c->number, sizeof(c->number));
  if (send(c->backend.fd, c->message, MESSAGE, MSG_NOSIGNAL) < MESSAGE) {
    drop(c);
  }
}

static void request(struct connection *c) {
  static char buffer[READ];
  ssize_t n = recv(c->client.fd, buffer, sizeof(buffer), 0);
  if (n < 0 && errno == EAGAIN) {
    return;
  }
  if (n <= 0) {
    drop(c);
    return;
  }
  int idle = c->unanswered == 0;
  c->unanswered += scan(c, buffer, (size_t)n);
  if (idle) {
    call(c);
  }
}

static void answer(struct connection *c) {
  ssize_t n = recv(c->backend.fd, c->echo + c->echoed, MESSAGE - c->echoed, 0);
  if (n < 0 && errno == EAGAIN) {
    return;
  }
  if (n <= 0) {
    drop(c);
    return;
  }
  c->echoed += (size_t)n;
  if (c->echoed < MESSAGE) {
    return;
  }
  if (memcmp(c->echo, &c->number, sizeof(c->number)) != 0
      || send(c->client.fd, RESPONSE, LENGTH, MSG_NOSIGNAL) < (ssize_t)LENGTH) {
    drop(c);
    return;
  }
  c->unanswered--;
  call(c);
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
    c->client = (struct end){fd, c};
    c->backend = (struct end){-1, c};
    watch(&c->client);
  }
}

int main(int argc, char **argv) {
  int port = argc == 3 ? atoi(argv[1]) : 0;
  int backend_port = argc == 3 ? atoi(argv[2]) : 0;
  if (port <= 0 || port > 65535 || backend_port <= 0 || backend_port > 65535) {
    fprintf(stderr, "usage: %s PORT BACKEND_PORT\n", argv[0]);
    return 2;
  }
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  backend = address;
  backend.sin_port = htons((unsigned short)backend_port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0
      || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, BACKLOG) < 0) {
    fail("cannot listen");
  }
  epfd = epoll_create1(EPOLL_CLOEXEC);
  if (epfd < 0) {
    fail("epoll_create1");
  }
  struct end listener = {.fd = fd};
  watch(&listener);

  static struct epoll_event events[EVENTS];
  for (;;) {
    int n = epoll_wait(epfd, events, EVENTS, -1);
    if (n < 0 && errno != EINTR) {
      fail("epoll_wait");
    }
    for (int i = 0; i < n; i++) {
      struct end *end = events[i].data.ptr;
      struct connection *c = end->of;
      if (end == &listener) {
        accept_all(fd);
      } else if (!c->dead) {
        if (end == &c->client) {
          request(c);
        } else {
          answer(c);
        }
      }
    }
    while (dead != NULL) {
      struct connection *next = dead->next;
      free(dead);
      dead = next;
    }
  }
}
