package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies what a reader has to a writer.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="copy"}
 *
 * <p>Neither side is closed or shut down. A buffered writer is not flushed: flush it afterwards.
 *
 * <p><b>Cancellation:</b> a copy that was stopped, or failed, has what it read and could not write yet: {@link #run} goes on where it was. The static methods throw that away.
 *
 * <p><b>Threading:</b> one task at a time.
 */
public final class ByteCopy {
  private final AsyncReader from;
  private final AsyncWriter to;
  private final CopyOptions options;
  private final ByteBuffer buffer; // what was read and is to be written
  private long count;
  private long unread; // what is left of the limit
  private boolean running;

  /** Copies all that {@code from} has. */
  public ByteCopy(AsyncReader from, AsyncWriter to) {
    this(from, to, CopyOptions.defaults());
  }

  /** Copies as {@code options} say; nothing happens yet. */
  public ByteCopy(AsyncReader from, AsyncWriter to, CopyOptions options) {
    this.from = Objects.requireNonNull(from, "from");
    this.to = Objects.requireNonNull(to, "to");
    this.options = Objects.requireNonNull(options, "options");
    this.buffer = ByteBuffer.allocate(options.bufferSize()).limit(0);
    this.unread = options.limit();
  }

  /** Copies all that {@code from} has; returns how many bytes. */
  public static long copy(AsyncReader from, AsyncWriter to) throws IOException {
    return new ByteCopy(from, to).run();
  }

  /** The future twin of {@link #copy}. */
  public static Future<Long> copyAsync(AsyncReader from, AsyncWriter to) {
    return new ByteCopy(from, to).runAsync();
  }

  /** How many bytes were written. */
  public long count() {
    return count;
  }

  /** Copies up to the end of the input, or up to the limit; returns {@link #count}. */
  public long run() throws IOException {
    requireIdle();
    while (true) {
      while (buffer.hasRemaining()) {
        int before = buffer.position();
        try {
          int _ = BufferedAsyncReader.requireProgress(to.write(buffer), to);
        } finally {
          written(before);
        }
      }
      if (unread == 0) {
        return count;
      }
      beginRead();
      int n;
      try {
        n = BufferedAsyncReader.requireProgress(from.read(buffer), from);
      } finally {
        endRead();
      }
      if (n < 0) {
        return count;
      }
    }
  }

  /** The future twin of {@link #run}; closing it loses nothing. */
  public Future<Long> runAsync() {
    return new Running();
  }

  private void beginRead() {
    buffer.clear().limit((int) Math.min(unread, buffer.capacity()));
  }

  private void endRead() {
    buffer.flip();
    unread -= buffer.limit();
  }

  private void written(int before) {
    int n = buffer.position() - before;
    if (n > 0) {
      count += n;
      options.progress().accept(n);
    }
  }

  private void requireIdle() {
    if (running) {
      throw new IllegalStateException(this + " is under way: close its future first");
    }
  }

  @Override
  public String toString() {
    return "copy of " + from + " to " + to + " after " + count + " bytes";
  }

  private final class Running extends AbstractFuture<Long> {
    private @Nullable Future<Integer> moving;
    private boolean writing;
    private int before; // the buffer's position when the write began
    private boolean ended;

    @Override
    protected Poll<Long> advance(Waker waker) throws IOException {
      while (true) {
        Future<Integer> move = moving;
        if (move == null) {
          requireIdle();
          writing = buffer.hasRemaining();
          if (!writing && (ended || unread == 0)) {
            return Poll.ready(count);
          }
          running = true;
          if (writing) {
            before = buffer.position();
          } else {
            beginRead();
          }
          moving = move = writing ? to.writeAsync(buffer) : from.readAsync(buffer);
        }
        switch (move.poll(waker)) {
          case Poll.Ready<Integer>(Integer n) -> {
            release();
            ended = BufferedAsyncReader.requireProgress(n, writing ? to : from) < 0;
          }
          case Poll.Failed<Integer>(Throwable cause) -> {
            release();
            return Poll.failed(cause);
          }
          case Poll.Pending<Integer> _ -> {
            return Poll.pending();
          }
        }
      }
    }

    @Override
    protected void release() {
      if (moving != null) {
        moving.close();
        moving = null;
        running = false;
        if (writing) {
          written(before);
        } else {
          endRead();
        }
      }
    }

    @Override
    public String toString() {
      return ByteCopy.this.toString();
    }
  }
}
