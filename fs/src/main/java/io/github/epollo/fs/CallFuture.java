package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One call that goes through the engine, as a future. Closing it gives the call up.
 *
 * @param <T> the type of what the result becomes
 */
final class CallFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final String name;
  private final Beginning beginning;
  private final Ending<T> ending;
  private @Nullable FileCall call;

  /** {@code beginning} is asked at the first poll, {@code ending} once with the result. */
  CallFuture(String name, Beginning beginning, Ending<T> ending) {
    this.name = name;
    this.beginning = beginning;
    this.ending = ending;
  }

  /** Makes the call. */
  interface Beginning {
    FileCall begin() throws IOException;
  }

  /** What a result, {@code >= 0} or {@code -errno}, becomes. */
  interface Ending<T extends @Nullable Object> {
    T end(long result) throws IOException;
  }

  @Override
  protected Poll<T> advance(Waker waker) throws IOException {
    FileCall under = call;
    if (under == null) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      call = under = beginning.begin();
    }
    if (!under.poll(waker)) {
      return Poll.pending();
    }
    long result = under.result();
    call = null;
    under.end();
    return Poll.ready(ending.end(result));
  }

  @Override
  protected void release() {
    FileCall left = call;
    if (left != null) {
      call = null;
      left.abandon();
    }
  }

  /** Waits for {@code future}; its {@code IOException} comes as it is. */
  static <T extends @Nullable Object> T await(Future<T> future) throws IOException {
    try {
      return future.await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
