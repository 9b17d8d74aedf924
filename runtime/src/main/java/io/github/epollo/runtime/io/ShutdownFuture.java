package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link AsyncWriter#shutdownOutputAsync} of a writer that does not have to wait for it. */
final class ShutdownFuture extends AbstractFuture<@Nullable Void> {
  private final AsyncWriter writer;

  ShutdownFuture(AsyncWriter writer) {
    this.writer = writer;
  }

  @Override
  protected Poll<@Nullable Void> advance(Waker waker) throws IOException {
    writer.shutdownOutput();
    return Poll.ready(null);
  }

  @Override
  public String toString() {
    return "shut down the output of " + writer;
  }
}
