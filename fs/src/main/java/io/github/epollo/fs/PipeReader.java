package io.github.epollo.fs;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.DescriptorChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of a {@link Pipe} or FIFO that bytes come out of. Closing it breaks the pipe for those who write.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or stopped by a deadline, has lost nothing: what came is in the buffer, up to its position.
 *
 * <p><b>Threading:</b> one task reads at a time; a second one gets an {@link IllegalStateException} if it would have to wait. {@link #close} may be called from any thread.
 */
public final class PipeReader extends PipeEnd implements AsyncReader, DescriptorChannel {
  PipeReader(AsyncFd fd, Kernel kernel) {
    super(fd, kernel);
  }

  /**
   * Reads what is there, at least one byte; waits until something is there.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 once every end to write is closed and all bytes were read. Of a FIFO there may be a writer again later, and more bytes.
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws java.nio.channels.ClosedChannelException if this end was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    return fd.read(target);
  }

  /** The future twin of {@link #read}. Closing it loses nothing. */
  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return fd.readAsync(target);
  }

  /** The descriptor, for system calls that move bytes between it and a file. */
  @Override
  public DescriptorSide side(Direction direction) {
    if (direction != Direction.READ) {
      throw new UnsupportedOperationException("cannot write to " + this + ": it is the other end's");
    }
    return fd.side(direction);
  }

  @Override
  public String toString() {
    return "pipe to read, " + fd;
  }
}
