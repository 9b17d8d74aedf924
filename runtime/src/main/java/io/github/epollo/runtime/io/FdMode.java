package io.github.epollo.runtime.io;

/** Whether an {@link AsyncFd} changes how calls on its file descriptor behave that would have to wait. */
public enum FdMode {
  /**
   * Sets {@code O_NONBLOCK}. That is a flag of the <em>open file description</em>, which all duplicates share, also those in other processes: do not use it on what was inherited, such as a terminal, whose other users do not expect
   * {@code EAGAIN}.
   */
  NON_BLOCKING,
  /**
   * Leaves the flag as it is. Where it is not set, only an {@link FdCall} that does not block by itself, such as recv(2) with {@code MSG_DONTWAIT}, may be made.
   */
  AS_IS
}
