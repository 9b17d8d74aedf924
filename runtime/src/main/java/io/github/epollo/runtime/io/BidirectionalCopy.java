package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies between two channels in both directions at once: the heart of a proxy.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="bothWays"}
 *
 * <p>When one channel has ended, the output of the other is shut down once everything was written, and the other direction goes on. It is done when both directions are. If one of
 * them fails, both channels are closed; what a {@link BufferedAsyncWriter} in them holds back is lost then. A direction that has reached the limit counts as ended.
 *
 * <p><b>Cancellation:</b> the channels stay open, and nothing is lost: {@link #run} goes on where it was. Who is not going to do so closes both.
 *
 * <p><b>Threading:</b> one task at a time.
 */
public final class BidirectionalCopy {
  private final AsyncByteChannel a;
  private final AsyncByteChannel b;
  private final ByteCopy fromA;
  private final ByteCopy fromB;

  /** Copies between {@code a} and {@code b}. */
  public BidirectionalCopy(AsyncByteChannel a, AsyncByteChannel b) {
    this(a, b, CopyOptions.defaults());
  }

  /** Copies as {@code options} say; nothing happens yet. */
  public BidirectionalCopy(AsyncByteChannel a, AsyncByteChannel b, CopyOptions options) {
    this.a = Objects.requireNonNull(a, "a");
    this.b = Objects.requireNonNull(b, "b");
    if (a == b) {
      throw new IllegalArgumentException("cannot copy between " + a + " and itself: use ByteCopy for an echo");
    }
    this.fromA = new ByteCopy(a, b, options);
    this.fromB = new ByteCopy(b, a, options);
  }

  /** How many bytes went which way. */
  public record Counts(long fromAToB, long fromBToA) {}

  /** Copies until both directions have ended; returns the counts. */
  public static Counts copyBidirectional(AsyncByteChannel a, AsyncByteChannel b) throws IOException {
    return new BidirectionalCopy(a, b).run();
  }

  /** The counts so far. */
  public Counts counts() {
    return new Counts(fromA.count(), fromB.count());
  }

  /**
   * Copies until both directions have ended; returns the counts.
   *
   * @throws IOException if a direction fails; both channels are closed then
   */
  public Counts run() throws IOException {
    try {
      return runAsync().await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The future twin of {@link #run}; closing it loses nothing and leaves the channels open. */
  public Future<Counts> runAsync() {
    return new Running();
  }

  @Override
  public String toString() {
    return "copy between " + a + " and " + b;
  }

  private final class Running extends AbstractFuture<Counts> {
    private @Nullable Future<Boolean> forth = direction(fromA, b);
    private @Nullable Future<Boolean> back = direction(fromB, a);

    private static Future<Boolean> direction(ByteCopy copy, AsyncByteChannel to) {
      return copy.runAsync().then(_ -> to.shutdownOutputAsync()).map(_ -> true);
    }

    @Override
    protected Poll<Counts> advance(Waker waker) {
      if (forth != null) {
        Poll<Boolean> poll = forth.poll(waker);
        if (poll instanceof Poll.Failed<Boolean>(Throwable cause)) {
          return failed(cause);
        }
        forth = poll instanceof Poll.Pending ? forth : null;
      }
      if (back != null) {
        Poll<Boolean> poll = back.poll(waker);
        if (poll instanceof Poll.Failed<Boolean>(Throwable cause)) {
          return failed(cause);
        }
        back = poll instanceof Poll.Pending ? back : null;
      }
      return forth == null && back == null ? Poll.ready(counts()) : Poll.pending();
    }

    private Poll<Counts> failed(Throwable cause) {
      release();
      close(a, cause);
      close(b, cause);
      return Poll.failed(cause);
    }

    private static void close(AsyncByteChannel channel, Throwable cause) {
      try {
        ClosedAtOnce.close(channel); // this is a poll, and what a buffer holds back is for a peer that may never read it
      } catch (IOException | RuntimeException e) {
        if (e != cause) {
          cause.addSuppressed(e);
        }
      }
    }

    @Override
    protected void release() {
      if (forth != null) {
        forth.close();
      }
      if (back != null) {
        back.close();
      }
    }

    @Override
    public String toString() {
      return BidirectionalCopy.this.toString();
    }
  }
}
