package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The future twins of what a {@link BufferedAsyncWriter} does: each drains the buffer as long as it must, and then does its work at once. */
final class BufferedWriteFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final BufferedAsyncWriter writer;
  private final String name;
  private final BooleanSupplier mustDrain;
  private final Work<T> work;
  private @Nullable Future<Integer> draining;

  BufferedWriteFuture(BufferedAsyncWriter writer, String name, BooleanSupplier mustDrain, Work<T> work) {
    this.writer = writer;
    this.name = name;
    this.mustDrain = mustDrain;
    this.work = work;
  }

  @Override
  protected Poll<T> advance(Waker waker) throws IOException {
    while (true) {
      Future<Integer> drain = draining;
      if (drain == null) {
        writer.requireUsable();
        if (!mustDrain.getAsBoolean()) {
          return Poll.ready(work.run());
        }
        draining = drain = writer.beginDrain();
      }
      switch (drain.poll(waker)) {
        case Poll.Ready<Integer>(Integer n) -> {
          release();
          int _ = BufferedAsyncReader.requireProgress(n, writer.sink());
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
    if (draining != null) {
      draining.close();
      draining = null;
      writer.endDrain();
    }
  }

  @Override
  public String toString() {
    return name + " " + writer;
  }

  /** What is left to do, without waiting. */
  interface Work<T extends @Nullable Object> {
    T run() throws IOException;
  }
}
