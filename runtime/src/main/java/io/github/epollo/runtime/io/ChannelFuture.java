package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The future twin of an operation on a channel that keeps the waker of who waits, for those who implement a channel: closing it gives the waker's place back and
 * loses nothing.
 *
 * @param <T> the type of the result
 */
public abstract class ChannelFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Operation<T> operation;
  private @Nullable Waker stored;

  /** Creates the twin of {@code operation}, which is polled until it answers something else than pending. */
  protected ChannelFuture(Operation<T> operation) {
    this.operation = operation;
  }

  /** For a poll after one that answered pending: throws if the channel was closed meanwhile. */
  protected abstract void requireNotClosedWhileWaiting() throws IOException;

  /** Takes {@code waker} out of the channel, if it is still there. */
  protected abstract void forget(Waker waker);

  @Override
  protected final Poll<T> advance(Waker waker) throws IOException {
    if (stored != null) {
      requireNotClosedWhileWaiting();
      if (stored != waker) {
        forget(stored);
      }
    }
    stored = waker;
    return operation.poll(waker);
  }

  @Override
  protected final void release() {
    if (stored != null) {
      forget(stored);
    }
  }

  /**
   * A poll that may fail with an {@code IOException}.
   *
   * @param <T> the type of the result
   */
  @FunctionalInterface
  public interface Operation<T extends @Nullable Object> {
    /** Gets as far as it can; answers pending after it stored {@code waker}. */
    Poll<T> poll(Waker waker) throws IOException;
  }
}
