package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A future that another thread can stop, while whoever polls it is told so: {@link Future#abortable}. Whoever polls a future can close it instead.
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="abortable"}
 *
 * <p><b>Threading:</b> {@link #abort} and {@link #isAborted} may be called from any thread; one thread at a time polls or closes.
 *
 * @param <T> the type of the value
 */
public final class Abortable<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Future<T> source;
  private boolean begun;

  // The poll writes waker, then reads aborted; abort() writes aborted, then reads waker. So one of the two sees the other.
  private volatile @Nullable Waker waker;
  private volatile boolean aborted;

  Abortable(Future<T> source) {
    this.source = Objects.requireNonNull(source, "future");
  }

  /**
   * Has this future fail with a {@link CancellationException}, and closes the other one, at the next poll; whoever waits is woken for it. An outcome that is there
   * by then wins. A future that was not polled yet is not begun any more. Idempotent; of no effect on one that has finished.
   */
  public void abort() {
    aborted = true;
    Waker waiting = waker;
    if (waiting != null) {
      waiting.wake();
    }
  }

  /** Whether {@link #abort} was called. */
  public boolean isAborted() {
    return aborted;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    this.waker = waker;
    if (begun || !aborted) {
      begun = true;
      Poll<T> poll = source.poll(waker);
      if (!(poll instanceof Poll.Pending) || !aborted) {
        return poll;
      }
    }
    return Poll.failed(new CancellationException(source + " was aborted"));
  }

  @Override
  protected void release() {
    waker = null;
    source.close();
  }
}
