package io.github.epollo.fs;

import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.nio.channels.Channel;

/** One end of a pipe or FIFO. Callable from any thread. */
public abstract sealed class PipeEnd implements Channel permits PipeReader, PipeWriter {
  final AsyncFd fd;
  private final Kernel kernel;

  PipeEnd(AsyncFd fd, Kernel kernel) {
    this.fd = fd;
    this.kernel = kernel;
  }

  /**
   * How many bytes the pipe holds before a write waits; 65536 unless somebody has changed it. The kernel counts in pages, so that many small writes may fill it earlier.
   *
   * @throws java.nio.channels.ClosedChannelException if this end is closed
   */
  public int capacity() throws IOException {
    return control(FileFlags.F_GETPIPE_SZ, 0);
  }

  /**
   * Changes how many bytes the pipe holds; the kernel rounds up to a power of two of pages.
   *
   * @return the new capacity
   * @throws IllegalArgumentException if {@code bytes} is not positive
   * @throws IOException if more bytes than that are in the pipe, or if it is more than {@code fs.pipe-max-size} lets an unprivileged process have
   */
  public int setCapacity(int bytes) throws IOException {
    if (bytes <= 0) {
      throw new IllegalArgumentException("the capacity of a pipe must be positive: " + bytes);
    }
    return control(FileFlags.F_SETPIPE_SZ, bytes);
  }

  private int control(int command, int argument) throws IOException {
    Fd number = fd.fd();
    if (!number.acquire()) {
      throw ClosedChannel.exception(this);
    }
    int result;
    try {
      result = kernel.fcntl(number.number(), command, argument);
    } finally {
      number.release();
    }
    switch (-result) {
      case Errno.EBUSY -> throw new IOException("cannot make " + this + " hold " + argument
          + " bytes: there are more in it now; read them first, or ask for more");
      case Errno.EPERM -> throw new IOException("cannot make " + this + " hold " + argument
          + " bytes: that is more than the limit of this machine; see sysctl fs.pipe-max-size");
      default -> {}
    }
    if (result < 0) {
      throw Errno.toIOException("fcntl", toString(), -result);
    }
    return result;
  }

  /** The number of the descriptor, which this end owns: for a call that Epollo does not know. */
  public int number() {
    return fd.number();
  }

  /** Whether {@link #close} was not called yet. */
  @Override
  public boolean isOpen() {
    return fd.isOpen();
  }

  /** Closes this end. Who waits for it gets an {@link java.nio.channels.AsynchronousCloseException}. Idempotent. */
  @Override
  public void close() {
    fd.close();
  }
}
