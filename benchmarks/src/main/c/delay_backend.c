/*
 * What the servers of the benchmark "blocking" call: sends each message of 64 bytes back some time after it came, and not earlier.
 *
 *   delay_backend PORT MICROSECONDS
 *
 * One thread, one epoll instance, one timerfd. As all messages wait equally long, they are due in the order in which they came: a ring holds them, and the timer is armed for the first. It is edge-triggered, so it need not be read.
 * Who lets echoes lie until the socket is full is dropped.
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
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 4096, EVENTS = 1024, BYTES = 64, CONNECTIONS = 1 << 16, MESSAGES = 1 << 16 };

struct connection {
  unsigned generation; /* how often this fd was closed */
  int came;            /* bytes of the next message */
  char bytes[BYTES];
};

struct message {
  long due;
  int fd;
  unsigned generation;
  char bytes[BYTES];
};

static struct connection connections[CONNECTIONS]; /* by fd */
static struct message messages[MESSAGES];
static unsigned long in, out; /* of the ring: how many came, and how many have gone */
static long delay, armed;     /* nanoseconds; armed is the time the timer is set to, 0 if it has fired */
static int epfd, timer;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void watch(int fd, unsigned events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) < 0) {
    fail("epoll_ctl");
  }
}

static void drop(int fd) {
  connections[fd].generation++;
  close(fd); /* also takes it out of the epoll instance */
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
    if (fd >= CONNECTIONS) {
      fprintf(stderr, "more than %d connections\n", CONNECTIONS);
      exit(1);
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    connections[fd].came = 0;
    watch(fd, EPOLLIN);
  }
}

static void take(int fd) {
  struct connection *c = &connections[fd];
  ssize_t n = recv(fd, c->bytes + c->came, BYTES - (size_t)c->came, 0);
  if (n < 0 && errno == EAGAIN) {
    return;
  }
  if (n <= 0) {
    drop(fd);
    return;
  }
  c->came += (int)n;
  if (c->came < BYTES) {
    return;
  }
  c->came = 0;
  if (in - out == MESSAGES) {
    fprintf(stderr, "more than %d messages at a time\n", MESSAGES);
    exit(1);
  }
  struct message *m = &messages[in++ % MESSAGES];
  m->due = now() + delay;
  m->fd = fd;
  m->generation = c->generation;
  memcpy(m->bytes, c->bytes, BYTES);
}

static void send_due(void) {
  while (out < in && messages[out % MESSAGES].due <= now()) {
    struct message *m = &messages[out++ % MESSAGES];
    if (m->generation == connections[m->fd].generation && send(m->fd, m->bytes, BYTES, MSG_NOSIGNAL) < BYTES) {
      drop(m->fd);
    }
  }
}

/* Sets the timer to the first message, if it is not. */
static void arm(void) {
  if (out == in || messages[out % MESSAGES].due == armed) {
    return;
  }
  armed = messages[out % MESSAGES].due;
  struct itimerspec at = {.it_value = {.tv_sec = armed / 1000000000L, .tv_nsec = armed % 1000000000L}};
  if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) < 0) {
    fail("timerfd_settime");
  }
}

int main(int argc, char **argv) {
  int port = argc == 3 ? atoi(argv[1]) : 0;
  delay = argc == 3 ? atol(argv[2]) * 1000 : 0;
  if (port <= 0 || port > 65535 || delay <= 0) {
    fprintf(stderr, "usage: %s PORT MICROSECONDS\n", argv[0]);
    return 2;
  }
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0
      || bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, BACKLOG) < 0) {
    fail("cannot listen");
  }
  epfd = epoll_create1(EPOLL_CLOEXEC);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (epfd < 0 || timer < 0) {
    fail("cannot start");
  }
  watch(listener, EPOLLIN);
  watch(timer, EPOLLIN | EPOLLET);

  static struct epoll_event events[EVENTS];
  for (;;) {
    int n = epoll_wait(epfd, events, EVENTS, -1);
    if (n < 0 && errno != EINTR) {
      fail("epoll_wait");
    }
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all(fd);
      } else if (fd == timer) {
        armed = 0;
      } else {
        take(fd);
      }
    }
    send_due();
    arm();
  }
}
