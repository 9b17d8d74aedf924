package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import org.jspecify.annotations.Nullable;

/** Reads at positions, in both styles; see {@link AsyncFile}. Callable from any thread. */
final class FileReads {
  private final FileHandle file;

  FileReads(FileHandle file) {
    this.file = file;
  }

  int readAt(ByteBuffer target, long position) throws IOException {
    TransferBuffers.requireWritable(target);
    check(position, target.remaining());
    return readSome(target, position);
  }

  private int readSome(ByteBuffer target, long position) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    int n = ReadAttempt.read(file, awaiter, target, position);
    return n != ReadAttempt.WOULD_WAIT
        ? n
        : (int) new ReadOperation(file, new ByteBuffer[]{target}, 0, 1, position).await(awaiter);
  }

  long readAt(ByteBuffer[] targets, int offset, int length, long position) throws IOException {
    TransferBuffers.requireWritable(targets, offset, length);
    long remaining = TransferBuffers.remaining(targets, offset, length);
    check(position, remaining);
    if (remaining == 0) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    long n = ReadAttempt.read(file, targets, offset, length, position);
    return n != ReadAttempt.WOULD_WAIT
        ? n
        : new ReadOperation(file, targets, offset, length, position).await(awaiter);
  }

  void readFullyAt(ByteBuffer target, long position) throws IOException {
    TransferBuffers.requireWritable(target);
    check(position, target.remaining());
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      long at = position + wanted - target.remaining();
      if (isPastDirectEnd(at) || readSome(target, at) < 0) {
        throw endOfFile(target, wanted);
      }
    }
  }

  /** A direct read that was short has met the end of the file. */
  private boolean isPastDirectEnd(long position) {
    return position % file.alignment != 0;
  }

  private EOFException endOfFile(ByteBuffer target, int wanted) {
    return new EOFException("end of " + file + " after " + (wanted - target.remaining()) + " of " + wanted + " bytes");
  }

  private void check(long position, long length) throws IOException {
    TransferBuffers.requirePosition(position);
    file.requireOpen();
    if (!file.options.reads()) {
      throw new NonReadableChannelException();
    }
    TransferBuffers.requireAligned(file, position, length);
  }

  Future<Integer> readAtAsync(ByteBuffer target, long position) {
    return new ReadFuture<>("read from ", new ByteBuffer[]{target}, position) {
      @Override
      protected Poll<Integer> answer(long n) {
        return Poll.ready((int) n);
      }
    };
  }

  Future<Long> readAtAsync(ByteBuffer[] targets, long position) {
    return new ReadFuture<>("read from ", targets, position) {
      @Override
      protected Poll<Long> answer(long n) {
        return Poll.ready(n);
      }
    };
  }

  Future<@Nullable Void> readFullyAtAsync(ByteBuffer target, long position) {
    int wanted = target.remaining();
    return new ReadFuture<@Nullable Void>("read fully from ", new ByteBuffer[]{target}, position) {
      @Override
      protected Poll<@Nullable Void> answer(long n) throws IOException {
        if (n < 0 || (target.hasRemaining() && isPastDirectEnd(at + n))) {
          throw endOfFile(target, wanted);
        }
        at += n;
        return target.hasRemaining() ? Poll.pending() : Poll.ready(null);
      }
    };
  }

  private abstract class ReadFuture<T extends @Nullable Object> extends FileFuture<T> {
    private final ByteBuffer[] targets;
    private boolean checked;
    long at;

    ReadFuture(String name, ByteBuffer[] targets, long position) {
      super(name + file);
      this.targets = targets;
      this.at = position;
    }

    @Override
    protected long attempt(Waker waker) throws IOException {
      long remaining = TransferBuffers.remaining(targets, 0, targets.length);
      if (!checked) {
        checked = true;
        TransferBuffers.requireWritable(targets, 0, targets.length);
        check(at, remaining);
      }
      return remaining == 0 ? 0 : ReadAttempt.read(file, targets, 0, targets.length, at);
    }

    @Override
    protected FileOperation begin() {
      return new ReadOperation(file, targets, 0, targets.length, at);
    }
  }
}
