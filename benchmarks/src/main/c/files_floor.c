/*
 * The floor of the benchmark "files": plain system calls, one thread. Reads commands from standard input, one a line,
 *
 *     hot PATH BLOCK SECONDS      random reads of BLOCK bytes, from the page cache
 *     whole PATH 0 SECONDS        open, read to the end into memory from malloc(3), close
 *     reuse PATH 0 SECONDS        the same, into the same memory each time
 *     stat PATH 0 SECONDS         stat, open, close
 *     append PATH BLOCK SECONDS   write BLOCK bytes at the end, fdatasync
 *     direct1 PATH BLOCK SECONDS  random O_DIRECT reads, one at a time
 *
 * and answers each with the number of operations, or "none" for one that it does not know. What free(3) was given malloc(3) gives out again, so that "whole" fills memory that is in the
 * processor's cache. With the argument "fresh" it knows "whole" alone, and takes memory as a collector's allocator does: what was used longest ago comes first, of 256 MiB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint64_t state = 88172645463325252ull;

/* Marsaglia's xorshift64: the same generator in each peer. */
static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
  }
}

static long random_reads(const char *path, size_t block, double end, int flags) {
  void *buffer;
  struct stat status;
  long operations = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
  check(fd >= 0, path);
  check(fstat(fd, &status) == 0, "fstat");
  check(posix_memalign(&buffer, 4096, block) == 0, "posix_memalign");
  uint64_t blocks = status.st_size / block;
  do {
    for (int i = 0; i < (flags ? 1 : 64); i++) {
      off_t offset = (off_t)(next_random() % blocks) * block;
      check(pread(fd, buffer, block, offset) == (ssize_t)block, "pread");
      operations++;
    }
  } while (now() < end);
  free(buffer);
  close(fd);
  return operations;
}

#define ARENA (256L << 20)
static char *arena; /* of "fresh" */
static size_t arena_used;

static void *fresh(size_t size) {
  if (arena_used + size > ARENA) {
    arena_used = 0;
  }
  void *memory = arena + arena_used;
  arena_used += size;
  return memory;
}

static long whole_files(const char *path, int reuse, double end) {
  long operations = 0;
  char *content = NULL;
  do {
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    check(fd >= 0, path);
    check(fstat(fd, &status) == 0, "fstat");
    if (content == NULL) {
      content = arena ? fresh(status.st_size) : malloc(status.st_size);
      check(content != NULL, "malloc");
    }
    for (off_t done = 0; done < status.st_size;) {
      ssize_t n = read(fd, content + done, status.st_size - done);
      check(n > 0, "read");
      done += n;
    }
    if (!reuse) {
      if (!arena) {
        free(content);
      }
      content = NULL;
    }
    close(fd);
    operations++;
  } while (now() < end);
  free(content);
  return operations;
}

static long stats(const char *path, double end) {
  long operations = 0;
  do {
    for (int i = 0; i < 16; i++) {
      struct stat status;
      check(stat(path, &status) == 0, "stat");
      int fd = open(path, O_RDONLY | O_CLOEXEC);
      check(fd >= 0, path);
      close(fd);
      operations++;
    }
  } while (now() < end);
  return operations;
}

static long appends(const char *path, size_t block, double end) {
  long operations = 0;
  char *buffer = calloc(1, block);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  check(fd >= 0, path);
  do {
    check(write(fd, buffer, block) == (ssize_t)block, "write");
    check(fdatasync(fd) == 0, "fdatasync");
    operations++;
  } while (now() < end);
  free(buffer);
  close(fd);
  unlink(path);
  return operations;
}

int main(int argc, char **argv) {
  char workload[32], path[4096];
  long block;
  double seconds;
  if (argc > 1 && !strcmp(argv[1], "fresh")) {
    arena = malloc(ARENA);
    check(arena != NULL, "malloc");
    memset(arena, 1, ARENA);
  }
  while (scanf("%31s %4095s %ld %lf", workload, path, &block, &seconds) == 4) {
    double end = now() + seconds;
    long operations = -1;
    if (!strcmp(workload, "whole")) {
      operations = whole_files(path, 0, end);
    } else if (arena) {
      operations = -1;
    } else if (!strcmp(workload, "hot")) {
      operations = random_reads(path, block, end, 0);
    } else if (!strcmp(workload, "direct1")) {
      operations = random_reads(path, block, end, O_DIRECT);
    } else if (!strcmp(workload, "reuse")) {
      operations = whole_files(path, 1, end);
    } else if (!strcmp(workload, "stat")) {
      operations = stats(path, end);
    } else if (!strcmp(workload, "append")) {
      operations = appends(path, block, end);
    }
    if (operations < 0) {
      puts("none");
    } else {
      printf("%ld\n", operations);
    }
    fflush(stdout);
  }
  return 0;
}
