package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The future twin of an operation: tried on the spot, and made by the engine if that would wait. */
abstract class FileFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final String name;
  private @Nullable FileOperation operation;

  /** {@code name} is for messages, as {@code "read from AsyncFile[a]"}. */
  FileFuture(String name) {
    this.name = name;
  }

  /** Tries on the spot: the answer, or {@link ReadAttempt#WOULD_WAIT}. */
  protected long attempt(Waker waker) throws IOException {
    return ReadAttempt.WOULD_WAIT;
  }

  /** The operation for the engine. */
  protected abstract FileOperation begin() throws IOException;

  /** Takes an answer: ready with a result; or pending, to begin anew. */
  protected abstract Poll<T> answer(long n) throws IOException;

  @Override
  protected final Poll<T> advance(Waker waker) throws IOException {
    while (true) {
      long n = ReadAttempt.WOULD_WAIT;
      if (operation == null) {
        if (!Awaiter.proceed(waker)) {
          return Poll.pending();
        }
        n = attempt(waker);
      }
      if (n == ReadAttempt.WOULD_WAIT) {
        FileOperation under = operation;
        if (under == null) {
          operation = under = begin();
        }
        if (!under.isDone(waker)) {
          return Poll.pending();
        }
        operation = null;
        n = under.take();
      }
      Poll<T> answer = answer(n);
      if (answer instanceof Poll.Ready<T>) {
        return answer;
      }
    }
  }

  @Override
  protected final void release() {
    FileOperation left = operation;
    if (left != null) {
      operation = null;
      left.abandon();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
