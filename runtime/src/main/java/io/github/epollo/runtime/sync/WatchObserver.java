package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who watches a {@link Watch}, and remembers what was seen. It costs nothing while it does not wait, and need not be closed.
 *
 * <p><b>Threading:</b> for one task at a time.
 *
 * @param <T> the type of the value
 */
public final class WatchObserver<T> {
  private final Watch<T> watch;
  private long seen;

  WatchObserver(Watch<T> watch) {
    this.watch = watch;
    this.seen = watch.current().number();
  }

  /** The value now, which counts as seen from here on. */
  public T get() {
    Watch.Version<T> version = watch.current();
    seen = version.number();
    return version.value();
  }

  /** Whether the value was set since it was last seen. */
  public boolean hasChanged() {
    return watch.current().number() != seen;
  }

  /**
   * Waits until there is a value that was not seen, and returns it; that counts as seen then. Of several it is the latest.
   *
   * <p><b>Cancellation:</b> nothing is lost: what was not returned was not seen.
   *
   * @throws ChannelClosedException if the watch was closed and its last value was seen
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   */
  public T changed() {
    return changedAsync().await();
  }

  /** The future twin of {@link #changed}. */
  public Future<T> changedAsync() {
    return new Watch.Wait<T>(watch) {
      @Override
      @Nullable
      T answer(Watch.Version<T> version) {
        if (version.number() == seen) {
          return null;
        }
        seen = version.number();
        return version.value();
      }

      @Override
      public String toString() {
        return "a change of a watch";
      }
    };
  }
}
