package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.Errno;

/** A call fails with an error number: thrown where it is found, answered where the call was made. */
public final class FileError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /** {@code errno} as in {@link Errno}, positive. */
  public FileError(int errno) {
    super(Errno.name(errno), null, false, false);
    this.errno = errno;
  }

  /** The positive number. */
  public int errno() {
    return errno;
  }
}
