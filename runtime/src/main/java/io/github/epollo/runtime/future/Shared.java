package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/**
 * One of several handles on the same future: {@link Future#shared}. Each is a future of the same outcome, which is kept, and each belongs to whoever waits with it; {@link
 * #another} gives one more. Whichever handle is polled drives the future for all; what wakes it, wakes all.
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="shared"}
 *
 * <p><b>Cancellation:</b> closing a handle ends its own waiting only; when the last one is closed, the future is.
 *
 * <p><b>Threading:</b> different handles may be used by different threads at the same time; each handle by one at a time.
 *
 * @param <T> the type of the value
 */
public final class Shared<T extends @Nullable Object> extends AbstractFuture<T> {
  private final SharedSource<T> source;
  private boolean closed;
  private volatile @Nullable Waker waker; // partner: see SharedSource

  Shared(SharedSource<T> source) {
    this.source = source;
  }

  /**
   * Returns one more handle. It is ready at once if the outcome is there.
   *
   * @throws IllegalStateException if this handle was closed without having finished
   */
  public Shared<T> another() {
    if (closed) {
      throw new IllegalStateException(
          "cannot share " + source + " by a handle that is closed; make all handles before");
    }
    Shared<T> handle = new Shared<>(source);
    source.add(handle);
    return handle;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    this.waker = waker;
    return source.poll();
  }

  @Override
  protected void release() {
    waker = null;
    closed = !source.isDone();
    source.remove(this);
  }

  @Nullable
  Waker waker() {
    return waker;
  }

  @Override
  public String toString() {
    return "a handle on " + source;
  }
}
