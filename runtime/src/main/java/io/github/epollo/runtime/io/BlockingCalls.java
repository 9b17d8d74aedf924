package io.github.epollo.runtime.io;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The calls on one direction of a blocking stream: one at a time, on a thread of the runtime's pool for such calls. A call goes on when the future that waits for it is closed, since stopping it
 * could lose bytes or break the stream; what it answers is for the operation that comes next.
 *
 * <p><b>Threading:</b> one task at a time; {@link #close} may be called from any thread.
 */
final class BlockingCalls {
  private static final int CHUNK = 8192;

  /** What is read or written; the running call's while one runs. */
  final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);

  private final Closeable stream;
  private final WakerCell waiting = new WakerCell();
  private final Waker answered = waiting::wake;
  private final AtomicReference<@Nullable Future<Integer>> running = new AtomicReference<>(); // taken out by whoever polls or closes it

  // Either close() sees that a call is within the stream, or the call sees that it is closed: each writes its own first, and then reads the other.
  private volatile boolean within;
  private volatile boolean closed;

  BlockingCalls(Closeable stream) {
    this.stream = Objects.requireNonNull(stream, "stream");
  }

  /** One read or write of a blocking stream, between the chunk's position and its limit; how many bytes, or -1. */
  interface Body {
    int run(ByteBuffer chunk) throws IOException;
  }

  /** Waits for {@code future}; its {@code IOException} comes as it is. */
  static <T extends @Nullable Object> T await(Future<T> future) throws IOException {
    try {
      return future.await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static <C extends Channel> C requireBlocking(C channel) {
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalArgumentException(
          channel + " is in non-blocking mode: call configureBlocking(true), or use a TcpStream");
    }
    return channel;
  }

  /** Says that {@code waker} waits from now on, until {@link #leave}. */
  void enter(Waker waker) {
    if (!waiting.store(waker)) {
      throw new IllegalStateException("another task uses " + this + " already: let one task at a time do it");
    }
  }

  void leave(Waker waker) {
    waiting.forget(waker);
  }

  /** Whether no call runs, or has an answer that nobody took. */
  boolean isIdle() {
    return running.get() == null;
  }

  /** Whether the caller is no task, and may make the next call on its own thread. */
  boolean isHere() {
    return Loop.currentOrNull() == null && isIdle();
  }

  /** Begins a call. */
  void start(Body body) {
    running.set(Tasks.blockingAsync(() -> run(body)));
  }

  /** The answer of the call that was begun last. */
  Poll<Integer> poll() throws IOException {
    Future<Integer> call = running.getAndSet(null);
    Poll<Integer> answer = Poll.pending();
    if (call != null) {
      answer = call.poll(answered);
      if (answer instanceof Poll.Pending) {
        running.set(call);
      }
    }
    if (closed) {
      stop();
      throw ClosedChannel.whileWaiting(this);
    }
    return answer;
  }

  /** Makes a call on this thread. */
  int run(Body body) throws IOException {
    within = true;
    try {
      requireOpen();
      return body.run(chunk);
    } finally {
      within = false;
    }
  }

  boolean isOpen() {
    return !closed;
  }

  void requireOpen() throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
  }

  void requireNotClosedWhileWaiting() throws IOException {
    if (closed) {
      throw ClosedChannel.whileWaiting(this);
    }
  }

  private void stop() {
    Future<Integer> call = running.getAndSet(null);
    if (call != null) {
      call.close();
    }
  }

  /** Interrupts a call under way and closes the stream. It may have a lock that such a call holds: then another thread does it, and nobody waits for that. */
  void close() throws IOException {
    closed = true;
    stop();
    try {
      waiting.wake();
    } finally {
      if (within) {
        Thread _ = Thread.startVirtualThread(() -> {
          try {
            stream.close();
          } catch (IOException e) {
            // nobody uses it any more
          }
        });
      } else {
        stream.close();
      }
    }
  }

  @Override
  public String toString() {
    return stream.toString();
  }
}
