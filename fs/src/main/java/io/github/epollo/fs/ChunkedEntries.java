package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.stream.AbstractStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a {@link TreeWalk} as a stream, which holds one chunk of them at the most. */
final class ChunkedEntries extends AbstractStream<DirectoryEntry> {
  private final String name;
  private final TreeWalk walk;
  private Iterator<DirectoryEntry> chunk = Collections.emptyIterator();
  private @Nullable Future<List<DirectoryEntry>> next;

  /** {@code name} is what messages and dumps call it. */
  ChunkedEntries(String name, TreeWalk walk) {
    this.name = name;
    this.walk = walk;
  }

  @Override
  protected Poll<@Nullable DirectoryEntry> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    if (chunk.hasNext()) {
      return Poll.ready(chunk.next());
    }
    Future<List<DirectoryEntry>> awaited = next;
    if (awaited == null) {
      awaited = new StraightFuture<>(name, walk::next, null);
      next = awaited;
    }
    return switch (awaited.poll(waker)) {
      case Poll.Pending<List<DirectoryEntry>> _ -> Poll.pending();
      case Poll.Failed<List<DirectoryEntry>>(Throwable cause) -> Poll.failed(cause);
      case Poll.Ready<List<DirectoryEntry>>(List<DirectoryEntry> entries) -> {
        next = null;
        chunk = entries.iterator();
        yield chunk.hasNext() ? Poll.ready(chunk.next()) : end();
      }
    };
  }

  @Override
  protected void release() {
    if (next != null) {
      next.close();
    }
    walk.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
