package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes a file, and tells what close(2) has to say of what was written. Giving it up after the first poll stops nothing. */
final class CloseFuture extends AbstractFuture<@Nullable Void> {
  private final AsyncFile owner; // not lost before it is closed
  private final FileHandle file;
  private @Nullable Future<Integer> result;

  CloseFuture(AsyncFile owner, FileHandle file) {
    this.owner = owner;
    this.file = file;
  }

  @Override
  protected Poll<@Nullable Void> advance(Waker waker) throws IOException {
    Future<Integer> under = result;
    if (under == null) {
      if (!file.beginClose() || !file.options.writes()) {
        return Poll.ready(null);
      }
      result = under = file.closeResult().receiveAsync();
    }
    if (!(under.poll(waker) instanceof Outcome<Integer> outcome)) {
      return Poll.pending();
    }
    result = null;
    if (outcome instanceof Poll.Ready<Integer>(Integer errno) && errno < 0) {
      throw file.failed("close", errno);
    }
    return Poll.ready(null);
  }

  @Override
  protected void release() {
    if (result != null) {
      result.close();
      result = null;
    }
  }

  @Override
  public String toString() {
    return "close " + owner;
  }
}
