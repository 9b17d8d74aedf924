package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A watcher that is not watching everything yet. Closing it closes the watcher. */
final class WatcherOpening extends AbstractFuture<DirectoryWatcher> {
  private final Path directory;
  private final Maker maker;
  private @Nullable DirectoryWatcher watcher;

  WatcherOpening(Path directory, Maker maker) {
    this.directory = directory;
    this.maker = maker;
  }

  /** Makes the watcher. */
  interface Maker {
    DirectoryWatcher make() throws IOException;
  }

  @Override
  protected Poll<DirectoryWatcher> advance(Waker waker) throws IOException {
    DirectoryWatcher made = watcher;
    if (made == null) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      watcher = made = maker.make();
    }
    if (!made.isCaughtUp(waker)) {
      return Poll.pending();
    }
    watcher = null;
    return Poll.ready(made);
  }

  @Override
  protected void release() {
    DirectoryWatcher left = watcher;
    if (left != null) {
      watcher = null;
      left.close();
    }
  }

  @Override
  public String toString() {
    return "watch " + directory;
  }
}
