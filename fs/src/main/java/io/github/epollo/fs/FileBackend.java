package io.github.epollo.fs;

/** Who makes the calls on files that would block a loop. */
public enum FileBackend {
  /** An io_uring of the loop's own, watched by its epoll. */
  RING,
  /** A few threads of the runtime that do nothing else. */
  POOL
}
