package io.github.epollo.runtime.io;

/**
 * A system call on the file descriptor of an {@link AsyncFd}, made when that is worth while, and again until it does not answer "would block".
 *
 * {@snippet file="io/github/epollo/runtime/io/AsyncFdSnippetsTest.java" region="call"}
 */
@FunctionalInterface
public interface FdCall {
  /**
   * Makes the call; must not block.
   *
   * @param fd the number; valid until this returns
   * @return a result {@code >= 0}, or {@code -errno}; -{@link io.github.epollo.runtime.kernel.Errno#EAGAIN} is "would block"
   */
  long make(int fd);
}
