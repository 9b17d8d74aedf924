package io.github.epollo.fs;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.DescriptorChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of a {@link Pipe} or FIFO that bytes go into. Closing it is the end of the stream for who reads, once the last such end is closed.
 *
 * <p><b>Atomicity:</b> up to {@link Pipe#ATOMIC_BYTES} bytes given to one {@link #write} go in together, or the write waits: several processes may write to one pipe, and what each has written at once is not mixed with others'. Longer
 * writes may be mixed, and may go in in parts.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a write that is cancelled, or stopped by a deadline, may have written a part: the buffer's position tells how much.
 *
 * <p><b>Threading:</b> one task writes at a time; a second one gets an {@link IllegalStateException} if it would have to wait. {@link #close} may be called from any thread.
 */
public final class PipeWriter extends PipeEnd implements AsyncWriter, DescriptorChannel {
  PipeWriter(AsyncFd fd, Kernel kernel) {
    super(fd, kernel);
  }

  /**
   * Writes what fits, at least one byte; waits until something fits.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws io.github.epollo.runtime.io.BrokenPipeException if every end to read is closed; no signal is raised
   * @throws java.nio.channels.ClosedChannelException if this end was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    return fd.write(source);
  }

  /** The future twin of {@link #write}. Closing it before it is ready means that nothing was written. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return fd.writeAsync(source);
  }

  /** Ends the stream, which for a pipe is the same as {@link #close}. */
  @Override
  public void shutdownOutput() {
    close();
  }

  /** The descriptor, for system calls that move bytes between it and a file. */
  @Override
  public DescriptorSide side(Direction direction) {
    if (direction != Direction.WRITE) {
      throw new UnsupportedOperationException("cannot read from " + this + ": it is the other end's");
    }
    return fd.side(direction);
  }

  @Override
  public String toString() {
    return "pipe to write, " + fd;
  }
}
