package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The position that reads and writes without one go on from. It moves when a result is delivered.
 *
 * <p><b>Threading:</b> one task at a time; a second one gets an exception.
 */
final class FileCursor {
  /** Behind what was appended last, wherever that is. */
  private static final long END = -1;

  private final FileHandle file;
  private final FileReads reads;
  private final FileWrites writes;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long position; // written by the one that made busy true

  FileCursor(FileHandle file, FileReads reads, FileWrites writes) {
    this.file = file;
    this.reads = reads;
    this.writes = writes;
  }

  long position() throws IOException {
    file.requireOpen();
    long at = position;
    return at == END ? FileStatusCall.sizeOnTheSpot(file) : at;
  }

  void position(long newPosition) throws IOException {
    TransferBuffers.requirePosition(newPosition);
    file.requireOpen();
    enter();
    position = newPosition;
    busy.set(false);
  }

  /** After the file was cut to {@code size}. */
  void limit(long size) {
    if (position > size) {
      position = size;
    }
  }

  int read(ByteBuffer target) throws IOException {
    enter();
    try {
      long at = position();
      int n = reads.readAt(target, at);
      position = at + Math.max(n, 0);
      return n;
    } finally {
      busy.set(false);
    }
  }

  long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    enter();
    try {
      long at = position();
      long n = reads.readAt(targets, offset, length, at);
      position = at + Math.max(n, 0);
      return n;
    } finally {
      busy.set(false);
    }
  }

  /** A write that is cancelled has told the buffer how much it wrote; so the cursor follows the buffer. */
  int write(ByteBuffer source) throws IOException {
    enter();
    int start = source.position();
    try {
      return writes.writeAt(source, file.options.appends() ? 0 : position());
    } finally {
      moved(source.position() - start);
      busy.set(false);
    }
  }

  long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    enter();
    long before = TransferBuffers.remaining(sources, offset, length);
    try {
      return writes.writeAt(sources, offset, length, file.options.appends() ? 0 : position());
    } finally {
      moved(before - TransferBuffers.remaining(sources, offset, length));
      busy.set(false);
    }
  }

  /** The cursor is where the write began. */
  private void moved(long written) {
    if (written > 0) {
      position = file.options.appends() ? END : position + written;
    }
  }

  Future<Integer> readAsync(ByteBuffer target) {
    return new CursorFuture(at -> reads.readAtAsync(target, at), false);
  }

  Future<Integer> writeAsync(ByteBuffer source) {
    return new CursorFuture(at -> writes.writeAtAsync(source, at), true);
  }

  private void enter() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("another task reads or writes at the position of " + file
          + " already: let one task at a time do it, or use readAt and writeAt");
    }
  }

  /** Takes the cursor at the first poll, and gives it back when it is finished or closed. */
  private final class CursorFuture extends AbstractFuture<Integer> {
    private final LongFunction<Future<Integer>> at;
    private final boolean writing;
    private @Nullable Future<Integer> transfer;
    private long start;

    CursorFuture(LongFunction<Future<Integer>> at, boolean writing) {
      this.at = at;
      this.writing = writing;
    }

    @Override
    protected Poll<Integer> advance(Waker waker) throws IOException {
      Future<Integer> under = transfer;
      if (under == null) {
        enter();
        start = writing && file.options.appends() ? 0 : positionOrGiveUp();
        transfer = under = at.apply(start);
      }
      Poll<Integer> answer = under.poll(waker);
      if (answer instanceof Poll.Ready<Integer>(Integer n) && n > 0) {
        position = writing && file.options.appends() ? END : start + n;
      }
      return answer;
    }

    private long positionOrGiveUp() throws IOException {
      boolean done = false;
      try {
        long found = position();
        done = true;
        return found;
      } finally {
        if (!done) {
          busy.set(false);
        }
      }
    }

    @Override
    protected void release() {
      Future<Integer> left = transfer;
      if (left != null) {
        transfer = null;
        left.close();
        busy.set(false);
      }
    }

    @Override
    public String toString() {
      return (writing ? "write to " : "read from ") + file;
    }
  }
}
