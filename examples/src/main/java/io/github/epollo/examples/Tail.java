package io.github.epollo.examples;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.DirectoryEvent;
import io.github.epollo.fs.DirectoryWatcher;
import io.github.epollo.fs.FileTransfer;
import io.github.epollo.fs.Stdio;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.io.AsyncWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes the last lines of a file, and what is appended to it from then on, as {@code tail -F} does: also when the file is cut, or another one takes its place.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=Tail -Dexample.args="/tmp/log --lines 5"
 * echo hello >> /tmp/log
 * </pre>
 */
public final class Tail implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  private final Path path;
  private final AsyncWriter out;
  private @Nullable AsyncFile file;
  private long position; // of the first byte that was not written

  Tail(Path path, AsyncWriter out) {
    this.path = path.toAbsolutePath().normalize();
    this.out = out;
  }

  /** Follows until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("Tail FILE [--lines N]", args);
    int lines = arguments.number("--lines", 10, 0, 1_000_000);
    Path path = arguments.path("the file to follow");
    arguments.end();
    Epollo.run(() -> {
      try (Tail tail = new Tail(path, Stdio.out())) {
        tail.follow(lines);
      }
    });
  }

  void follow(int lines) throws IOException {
    Path directory = path.getParent();
    if (directory == null) {
      throw new NoSuchFileException(path.toString(), null, "is no file");
    }
    try (DirectoryWatcher watcher = DirectoryWatcher.open(directory)) { // first, so that nothing is missed
      open();
      position = startOfLast(lines);
      writeNews();
      for (DirectoryEvent event : watcher) {
        switch (event) {
          case DirectoryEvent.Modified(Path changed) when changed.equals(path) -> writeNews();
          case DirectoryEvent.Created(Path made, boolean _) when made.equals(path) -> reopen();
          case DirectoryEvent.Moved(Path _, Path moved, boolean _) when moved.equals(path) -> reopen();
          case DirectoryEvent.Rescan _ -> reopen();
          default -> {} // of a file that was deleted or renamed, what is still written to it is told no more
        }
      }
    }
  }

  /** What the old file still had, then the new one from its beginning. */
  private void reopen() throws IOException {
    AsyncFile old = file;
    writeNews();
    open();
    AsyncFile now = file;
    if (old != null && now != null && old != now) {
      boolean same = old.metadata().isSameFile(now.metadata());
      old.close();
      position = same ? position : 0;
    }
    writeNews();
  }

  private void open() throws IOException {
    try {
      file = AsyncFile.open(path);
    } catch (NoSuchFileException e) {
      // not yet, or not any more: an event will tell
    }
  }

  private void writeNews() throws IOException {
    AsyncFile from = file;
    if (from == null) {
      return;
    }
    if (from.size() < position) {
      System.err.println(path + " was cut");
      position = 0;
    }
    try (FileTransfer transfer = FileTransfer.to(from, position, Long.MAX_VALUE, out)) {
      try {
        long _ = transfer.run();
      } finally {
        position += transfer.count();
      }
    }
  }

  private long startOfLast(int lines) throws IOException {
    AsyncFile from = file;
    if (from == null) {
      return 0;
    }
    long size = from.size();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    int found = 0;
    for (long end = size; end > 0;) {
      long start = Math.max(0, end - BLOCK);
      from.readFullyAt(block.clear().limit((int) (end - start)), start);
      for (int i = block.limit() - 1; i >= 0; i--) {
        if (block.get(i) == '\n' && start + i < size - 1 && ++found >= lines) {
          return lines == 0 ? size : start + i + 1;
        }
      }
      end = start;
    }
    return lines == 0 ? size : 0;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
