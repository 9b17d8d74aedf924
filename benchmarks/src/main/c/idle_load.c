/*
 * The client of the benchmark "memory": holds connections that do nothing.
 *
 *   idle_load PORT
 *
 * For each command "hold - N SECONDS" it connects until it holds N connections, sends a byte on each new one, and waits until it has come back; or closes those that are too many. It answers N.
 * A server sees the addresses 127.0.0.2 and following, 5000 connections from each.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MOST = 19000, FROM_EACH = 5000, PATIENCE = 10 };

static int fds[MOST];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in at(unsigned host, int port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(0x7f000000u + host)};
}

static int hold(int number, int port) {
  struct sockaddr_in from = at(2 + (unsigned)(number / FROM_EACH), 0);
  struct sockaddr_in to = at(1, port);
  struct timeval patience = {.tv_sec = PATIENCE};
  struct linger reset = {.l_onoff = 1}; /* closing leaves no TIME_WAIT */
  int on = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on)) < 0
      || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) < 0
      || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0
      || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
    fail("cannot connect");
  }
  char byte = 'x';
  if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1 || recv(fd, &byte, 1, 0) != 1) {
    fail("no answer");
  }
  return fd;
}

int main(int argc, char **argv) {
  int port = argc == 2 ? atoi(argv[1]) : 0;
  char line[4096];
  int held = 0, wanted;
  while (fgets(line, sizeof(line), stdin) != NULL) {
    if (sscanf(line, "hold %*s %d", &wanted) != 1 || wanted > MOST) {
      return 2;
    }
    for (; held < wanted; held++) {
      fds[held] = hold(held, port);
    }
    while (held > wanted) {
      close(fds[--held]);
    }
    printf("%d\n", held);
    fflush(stdout);
  }
  return 0;
}
