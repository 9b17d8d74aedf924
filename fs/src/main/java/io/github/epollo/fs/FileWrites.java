package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import org.jspecify.annotations.Nullable;

/** Writes at positions, in both styles; see {@link AsyncFile}. Callable from any thread. */
final class FileWrites {
  private final FileHandle file;

  FileWrites(FileHandle file) {
    this.file = file;
  }

  int writeAt(ByteBuffer source, long position) throws IOException {
    check(position, source.remaining());
    return writeSome(source, position);
  }

  private int writeSome(ByteBuffer source, long position) throws IOException {
    if (!source.hasRemaining()) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    int n = WriteAttempt.write(file, source, position);
    return n != ReadAttempt.WOULD_WAIT
        ? n
        : (int) new WriteOperation(file, new ByteBuffer[]{source}, 0, 1, position).await(awaiter);
  }

  long writeAt(ByteBuffer[] sources, int offset, int length, long position) throws IOException {
    long remaining = TransferBuffers.remaining(sources, offset, length);
    check(position, remaining);
    if (remaining == 0) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    long n = WriteAttempt.write(file, sources, offset, length, position);
    return n != ReadAttempt.WOULD_WAIT
        ? n
        : new WriteOperation(file, sources, offset, length, position).await(awaiter);
  }

  void writeFullyAt(ByteBuffer source, long position) throws IOException {
    check(position, source.remaining());
    int start = source.position();
    while (source.hasRemaining()) {
      int _ = writeSome(source, position + source.position() - start);
    }
  }

  private void check(long position, long length) throws IOException {
    TransferBuffers.requirePosition(position);
    requireWritable();
    TransferBuffers.requireAligned(file, position, length);
  }

  /** Throws if the file is closed, or cannot be written, or has lost data. */
  void requireWritable() throws IOException {
    file.requireOpen();
    if (!file.options.writes()) {
      throw new NonWritableChannelException();
    }
    file.description.requireNoLoss(file.path);
  }

  /** Throws if the file was opened to append. */
  void requirePositions(long position) {
    if (file.options.appends()) {
      throw new UnsupportedOperationException("cannot write at position " + position + " of " + file
          + ": it was opened to append, where Linux writes at the end all the same; use write");
    }
  }

  Future<Integer> writeAtAsync(ByteBuffer source, long position) {
    return new WriteFuture<>("write to ", new ByteBuffer[]{source}, position) {
      @Override
      protected Poll<Integer> answer(long n) {
        return Poll.ready((int) n);
      }
    };
  }

  Future<Long> writeAtAsync(ByteBuffer[] sources, long position) {
    return new WriteFuture<>("write to ", sources, position) {
      @Override
      protected Poll<Long> answer(long n) {
        return Poll.ready(n);
      }
    };
  }

  Future<@Nullable Void> writeFullyAtAsync(ByteBuffer source, long position) {
    return new WriteFuture<@Nullable Void>("write fully to ", new ByteBuffer[]{source}, position) {
      @Override
      protected Poll<@Nullable Void> answer(long n) {
        at += n;
        return source.hasRemaining() ? Poll.pending() : Poll.ready(null);
      }
    };
  }

  private abstract class WriteFuture<T extends @Nullable Object> extends FileFuture<T> {
    private final ByteBuffer[] sources;
    private boolean checked;
    long at;

    WriteFuture(String name, ByteBuffer[] sources, long position) {
      super(name + file);
      this.sources = sources;
      this.at = position;
    }

    @Override
    protected long attempt(Waker waker) throws IOException {
      long remaining = TransferBuffers.remaining(sources, 0, sources.length);
      if (!checked) {
        checked = true;
        check(at, remaining);
      }
      return remaining == 0 ? 0 : WriteAttempt.write(file, sources, 0, sources.length, at);
    }

    @Override
    protected FileOperation begin() {
      return new WriteOperation(file, sources, 0, sources.length, at);
    }
  }
}
