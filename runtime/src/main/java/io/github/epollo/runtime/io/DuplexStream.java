package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One of two connected ends in memory: what is written to one is read from the other.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="duplex"}
 *
 * <p>Each direction holds so many bytes as the pair was made for; a writer waits while there is no room, and writes less than it was asked to if there is not
 * enough. For tests of a protocol, and for two parts of a program that talk in bytes.
 *
 * <p>Blocking, cancellation and threading are as {@link AbstractByteChannel} says.
 */
public final class DuplexStream extends AbstractByteChannel {
  private final String name;
  private final Pipe in;
  private final Pipe out;

  private DuplexStream(String name, Pipe in, Pipe out) {
    super(in.reader, out.writer);
    this.name = name;
    this.in = in;
    this.out = out;
  }

  /** The two ends of a connection; which is which makes no difference. */
  public record Pair(DuplexStream left, DuplexStream right) {}

  /**
   * Makes two connected ends.
   *
   * @param capacity how many bytes are under way in each direction before a writer has to wait
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static Pair pair(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("the capacity must be positive: " + capacity);
    }
    Pipe toRight = new Pipe(capacity);
    Pipe toLeft = new Pipe(capacity);
    return new Pair(new DuplexStream("left", toLeft, toRight), new DuplexStream("right", toRight, toLeft));
  }

  @Override
  protected int tryRead(Waker waker, ByteBuffer target) throws IOException {
    int n = in.tryRead(target);
    if (n < 0 && in.isReaderGone()) {
      throw ClosedChannel.exception(this);
    }
    return n;
  }

  @Override
  protected int tryWrite(Waker waker, ByteBuffer source) throws IOException {
    int n = out.tryWrite(source);
    if (n == -1) {
      requireOpen();
      requireOutput();
      throw new IOException("cannot write to " + this + ": the other end was closed");
    }
    return n;
  }

  @Override
  protected void requireOutput() throws IOException {
    if (out.isWriterGone()) {
      requireOpen();
      throw ClosedChannel.outputShutDown(this);
    }
  }

  /**
   * Writes nothing more: the other end reads the end of the stream after all that was written; the other direction goes on. Idempotent.
   *
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side
   */
  @Override
  public void shutdownOutput() throws IOException {
    requireOpen();
    out.endWriter();
    out.wake();
  }

  /** The other end reads the rest and then the end of the stream; its writes fail with an {@code IOException}. */
  @Override
  protected void onClose() {
    in.endReader();
    out.endWriter();
    try {
      in.wake();
    } finally {
      out.wake();
    }
  }

  /** As {@code DuplexStream[left]}. */
  @Override
  public String toString() {
    return "DuplexStream[" + name + "]";
  }
}
