package io.github.epollo.fs;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.ClosedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a file from a position on, and does not wait for the file until a number of bytes is behind: write-behind.
 *
 * {@snippet file="io/github/epollo/fs/StreamSnippetsTest.java" region="write-behind"}
 *
 * <p>Bytes are collected to pieces of up to 64 KiB; a full piece is on its way at once, several of them at a time. {@link #flush} sends the rest and waits until all is written, which does not mean synced: see {@link AsyncFile#sync}.
 *
 * <p><b>Errors</b> of what was behind are thrown by the next operation, whichever it is, and by every one after it: none is lost. What was accepted after the place of the failure may or may not be in the file then.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a write that is cancelled has accepted what the buffer's position tells, and nothing else; what was accepted goes on. A {@link #flush} that is cancelled has begun to write, and loses nothing.
 *
 * <p><b>Threading:</b> one task at a time.
 */
public final class WriteBehind implements AsyncWriter {
  private static final int PIECE = 64 * 1024;
  private static final int PENDING = -1;

  private final AsyncFile file;
  private final int limit;
  private final boolean appends;
  private final int atOnce; // how many pieces may be on their way
  private final ArrayDeque<Piece> behind = new ArrayDeque<>(); // in the order of their positions
  private final ArrayDeque<ByteBuffer> unused = new ArrayDeque<>();
  private @Nullable ByteBuffer filling;
  private long position; // of the first byte of `filling`
  private int pending; // bytes accepted and not written
  private @Nullable Throwable failure;
  private boolean failureThrown;
  private boolean ended;
  private volatile boolean closed;

  /**
   * Will write to {@code file}, which belongs to this from now on, from {@code position} on; a file that was opened to append gets all at its end, and the position does not matter.
   *
   * @param limit how many bytes may be behind; a write waits when there are as many
   * @throws IllegalArgumentException if the position is negative or the limit not positive
   * @throws NonWritableChannelException if the file was not opened to be written
   */
  public WriteBehind(AsyncFile file, long position, int limit) {
    TransferBuffers.requirePosition(position);
    if (limit <= 0) {
      throw new IllegalArgumentException("the number of bytes that may be behind must be positive: " + limit);
    }
    if (!file.handle().options.writes()) {
      throw new NonWritableChannelException();
    }
    this.file = file;
    this.position = position;
    this.limit = limit;
    this.appends = file.handle().options.appends();
    this.atOnce = appends ? 1 : Integer.MAX_VALUE; // two appends could change places
  }

  /** How many bytes were accepted and are not known to be written. */
  public int pending() {
    return pending;
  }

  /**
   * Accepts what there is room for, at least one byte; waits until there is room.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws java.nio.channels.ClosedChannelException if this, or its output, was closed
   * @throws IOException what an earlier write failed with
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = pollWrite(awaiter, source)) == PENDING) {
      awaiter.park(this);
    }
    return n;
  }

  /** The future twin of {@link #write}. Closing it before it is ready means that nothing was accepted. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new Twin<>("write to ") {
      @Override
      protected Poll<Integer> advance(Waker waker) throws IOException {
        int n = pollWrite(waker, source);
        return n == PENDING ? Poll.pending() : Poll.ready(n);
      }
    };
  }

  private int pollWrite(Waker waker, ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    requireOutput();
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    begin(waker);
    if (!source.hasRemaining()) {
      return 0;
    }
    int accepted = 0;
    while (source.hasRemaining() && pending < limit) {
      ByteBuffer piece = filling;
      if (piece == null) {
        filling = piece = unused.isEmpty() ? ByteBuffer.allocate(Math.min(PIECE, limit)) : unused.pop();
      }
      int n = Math.min(Math.min(source.remaining(), piece.remaining()), limit - pending);
      piece.put(piece.position(), source, source.position(), n);
      piece.position(piece.position() + n);
      source.position(source.position() + n);
      pending += n;
      accepted += n;
      if (!piece.hasRemaining()) {
        send();
      }
    }
    if (accepted == 0) {
      send(); // there is room when it is written
    }
    begin(waker);
    return accepted == 0 ? PENDING : accepted;
  }

  /** Puts the piece that is being filled behind. */
  private void send() {
    ByteBuffer piece = filling;
    if (piece != null) {
      filling = null;
      behind.add(new Piece(piece.flip(), position));
      position += piece.remaining();
    }
  }

  /** Has as many pieces on their way as may be, takes back those that are written, and has {@code waker} called when another one is. */
  private void begin(Waker waker) throws IOException {
    Piece next;
    do {
      int begun = 0;
      for (Piece piece : behind) {
        if (begun++ == atOnce) {
          break;
        }
        piece.poll(waker);
      }
      reapDone();
      throwFailure();
      next = behind.peek();
    } while (next != null && next.writing == null); // it has just got its turn
  }

  private void reapDone() {
    behind.removeIf(piece -> {
      if (!piece.done) {
        return false;
      }
      pending -= piece.size;
      unused.push(piece.bytes.clear());
      return true;
    });
  }

  private void throwFailure() throws IOException {
    Throwable first = failure;
    if (first == null) {
      return;
    }
    if (!failureThrown && first instanceof IOException e) {
      failureThrown = true;
      throw e;
    }
    throw new IOException(
        "a write to " + file + " that was behind has failed: what was accepted after it may be missing", first);
  }

  /**
   * Waits until all that was accepted is written.
   *
   * @throws java.nio.channels.ClosedChannelException if this was closed
   * @throws IOException what a write failed with
   */
  public void flush() throws IOException {
    Awaiter awaiter = Awaiter.current();
    while (!pollFlush(awaiter)) {
      awaiter.park(this);
    }
  }

  /** The future twin of {@link #flush}; closing it loses nothing. */
  public Future<@Nullable Void> flushAsync() {
    return new Twin<@Nullable Void>("flush ") {
      @Override
      protected Poll<@Nullable Void> advance(Waker waker) throws IOException {
        return pollFlush(waker) ? Poll.ready(null) : Poll.pending();
      }
    };
  }

  private boolean pollFlush(Waker waker) throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    if (!Awaiter.proceed(waker)) {
      return false;
    }
    send();
    begin(waker);
    return behind.isEmpty();
  }

  /** Flushes, and accepts nothing more. */
  @Override
  public void shutdownOutput() throws IOException {
    ended = true;
    flush();
  }

  /** The future twin of {@link #shutdownOutput}. */
  @Override
  public Future<@Nullable Void> shutdownOutputAsync() {
    ended = true;
    return flushAsync();
  }

  private void requireOutput() throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    if (ended) {
      throw ClosedChannel.outputShutDown(this);
    }
  }

  /** Whether {@link #close} was not called. */
  @Override
  public boolean isOpen() {
    return !closed;
  }

  /**
   * Writes what is behind, and closes the file. Waits for both, also in a task that is cancelled or beyond its deadline. Idempotent.
   *
   * @throws IOException what a write failed with; the file is closed all the same
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try (file) {
      Tasks.shield(this::flush);
    } finally {
      closed = true;
      for (Piece piece : behind) {
        piece.abandon(); // it has failed, or another one has
      }
      behind.clear();
      unused.clear();
      filling = null;
    }
  }

  @Override
  public String toString() {
    return "WriteBehind[" + file + "]";
  }

  /** Bytes on their way. */
  private final class Piece {
    final ByteBuffer bytes;
    final int size;
    final long at;
    @Nullable Future<@Nullable Void> writing;
    boolean done;

    Piece(ByteBuffer bytes, long at) {
      this.bytes = bytes;
      this.size = bytes.remaining();
      this.at = at;
    }

    void poll(Waker waker) {
      Future<@Nullable Void> write = writing;
      if (write == null) {
        if (failure != null) {
          return; // nothing new is begun after that
        }
        writing = write = appends ? file.writeFullyAsync(bytes) : file.writeFullyAtAsync(bytes, at);
      }
      Poll<@Nullable Void> poll = write.poll(waker);
      if (poll instanceof Poll.Failed<?>(Throwable cause) && failure == null) {
        failure = cause;
      }
      done = !(poll instanceof Poll.Pending);
    }

    void abandon() {
      if (writing != null) {
        writing.close();
      }
    }
  }

  private abstract class Twin<T extends @Nullable Object> extends AbstractFuture<T> {
    private final String name;

    Twin(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name + WriteBehind.this;
    }
  }
}
