/*
 * The floor of the benchmark "wake": a thread hands another, which waits in epoll_wait, a burst of tasks: a write to an eventfd if it sleeps, else a counter. Commands and answers as in WakePeer.java.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 20, PAUSE = 50000 };

static atomic_long submitted, ran;
static atomic_int asleep;
static long sent[1024], latencies[MOST], samples, burst, writes;
static int epfd, efd;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void *work(void *unused) {
  struct epoll_event event;
  for (;;) {
    while (atomic_load(&ran) < atomic_load(&submitted)) {
      long n = atomic_load(&ran);
      if (n % burst == 0 && samples < MOST) {
        latencies[samples++] = now() - sent[0];
      }
      atomic_store(&ran, n + 1);
    }
    atomic_store(&asleep, 1);
    if (atomic_load(&ran) == atomic_load(&submitted)) {
      epoll_wait(epfd, &event, 1, -1);
    }
    atomic_store(&asleep, 0);
  }
  return unused;
}

static void submit(void) {
  atomic_fetch_add(&submitted, 1);
  if (atomic_load(&asleep) && atomic_exchange(&asleep, 0)) {
    long one = 1;
    if (write(efd, &one, sizeof(one)) != sizeof(one)) {
      abort();
    }
    writes++;
  }
}

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

int main(void) {
  char line[4096];
  double seconds;
  pthread_t worker;
  struct timespec pause = {.tv_nsec = PAUSE};
  struct epoll_event event = {.events = EPOLLIN | EPOLLET};
  epfd = epoll_create1(EPOLL_CLOEXEC);
  efd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  burst = 1;
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, efd, &event) < 0 || pthread_create(&worker, NULL, work, NULL) != 0) {
    return 1;
  }
  while (fgets(line, sizeof(line), stdin) != NULL) {
    long size;
    if (sscanf(line, "burst %*s %ld %lf", &size, &seconds) != 2 || size < 1) {
      puts("none");
      fflush(stdout);
      continue;
    }
    burst = size;
    writes = samples = 0;
    atomic_store(&submitted, 0);
    atomic_store(&ran, 0);
    long end = now() + (long)(seconds * 1e9), bursts = 0;
    do {
      nanosleep(&pause, NULL);
      sent[0] = now();
      for (long i = 0; i < size; i++) {
        submit();
      }
      bursts++;
      while (atomic_load(&ran) < bursts * size) {
        nanosleep(&pause, NULL);
      }
    } while (now() < end);
    qsort(latencies, (size_t)samples, sizeof(long), compare);
    printf("%ld p50-us=%.2f p99-us=%.2f writes/burst=%.3f\n", bursts * size, latencies[samples / 2] / 1e3,
           latencies[samples * 99 / 100] / 1e3, (double)writes / bursts);
    fflush(stdout);
  }
  return 0;
}
