/*
 * The floor of the benchmark "sched": stacks in plain C that take turns on one thread, and nothing else. Commands and answers as in files_floor.c.
 *
 * A switch saves and restores the registers that a call must preserve. swapcontext(3) is not used: it makes a system call each time. A spawn lays out a
 * stack that was used before; its join is the end of its function. A yield switches to the next of a ring, a hop is the same with two.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifdef __x86_64__
enum { STACK = 16384, MOST = 10000, BATCH = 1000 };

struct stack {
  void *sp;
  char *memory;
};

void change(void **from, void *to);
__asm__(
    ".globl change\n"
    "change:\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, (%rdi)\n"
    "  mov %rsi, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n"
    "  ret\n");

static struct stack stacks[MOST];
static void *caller;
static int current, count;
static long ran;
static double end;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* Makes a stack ready to enter a function that never returns. */
static void lay_out(struct stack *s, void (*entry)(void)) {
  if (s->memory == NULL) {
    s->memory = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s->memory == MAP_FAILED) {
      perror("mmap");
      exit(1);
    }
  }
  void **top = (void **)(s->memory + STACK);
  *--top = NULL; /* the entry finds the stack as after a call */
  *--top = (void *)entry;
  top -= 6;
  s->sp = top;
}

/* Runs in each spawned stack: counts itself, and goes back for ever. */
static void spawned(void) {
  ran++;
  change(&stacks[current].sp, caller);
  abort();
}

static void yielding(void) {
  do {
    for (int i = 0; i < BATCH; i++) {
      ran++;
      int before = current;
      current = current + 1 == count ? 0 : current + 1;
      change(&stacks[before].sp, stacks[current].sp);
    }
  } while (now() < end);
  change(&stacks[current].sp, caller);
  abort();
}

static void spawn(int at_once) {
  do {
    for (int i = 0; i < BATCH || i < at_once; i += at_once) {
      for (int j = 0; j < at_once; j++) {
        lay_out(&stacks[j], spawned);
      }
      for (current = 0; current < at_once; current++) {
        change(&caller, stacks[current].sp);
      }
    }
  } while (now() < end);
}

static void ring(int size) {
  count = size;
  current = 0;
  for (int i = 0; i < size; i++) {
    lay_out(&stacks[i], yielding);
  }
  change(&caller, stacks[0].sp);
}

int main(void) {
  char line[4096], workload[16], path[2048];
  int number;
  double seconds;
  while (fgets(line, sizeof(line), stdin) != NULL) {
    if (sscanf(line, "%15s %2047s %d %lf", workload, path, &number, &seconds) != 4 || number < 1 || number > MOST) {
      return 2;
    }
    ran = 0;
    end = now() + seconds;
    if (strcmp(workload, "spawn") == 0) {
      spawn(number);
    } else {
      ring(number);
    }
    printf("%ld bytes/op=0\n", ran);
    fflush(stdout);
  }
  return 0;
}
#else
int main(void) {
  char line[4096];
  while (fgets(line, sizeof(line), stdin) != NULL) {
    puts("none");
    fflush(stdout);
  }
  return 0;
}
#endif
