package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open file. */
public final class AsyncFile implements AutoCloseable {
  private static final int LINES_BUFFER = 64 * 1024;

  private final FileHandle file;

  AsyncFile(FileHandle file) {
    this.file = file;
  }

  /** Opens {@code path}. */
  public static AsyncFile open(Path path, OpenOption... options) throws IOException {
    return open(path, OpenOptions.of(options));
  }

  /** Opens {@code path}. */
  public static AsyncFile open(Path path, OpenOptions options) throws IOException {
    try {
      return new Opening(path, options).await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The future twin of {@link #open(Path, OpenOption...)}. */
  public static Future<AsyncFile> openAsync(Path path, OpenOption... options) {
    return openAsync(path, OpenOptions.of(options));
  }

  /** The future twin of {@link #open(Path, OpenOptions)}. */
  public static Future<AsyncFile> openAsync(Path path, OpenOptions options) {
    return new Opening(path, options);
  }

  /** Reads at a position: how many bytes, -1 at the end. */
  public int readAt(ByteBuffer target, long position) throws IOException {
    checkRead(target, position);
    if (!target.hasRemaining()) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    int n = ReadAttempt.read(file, awaiter, target, position);
    return n != ReadAttempt.WOULD_WAIT ? n : (int) reading(target, position).await(awaiter);
  }

  private void checkRead(ByteBuffer target, long position) throws IOException {
    TransferBuffers.requireWritable(target);
    TransferBuffers.requirePosition(position);
    file.requireOpen();
    if (!file.options.reads()) {
      throw new NonReadableChannelException();
    }
  }

  private ReadOperation reading(ByteBuffer target, long position) {
    return new ReadOperation(file, new ByteBuffer[]{target}, 0, 1, position);
  }

  /** The future twin of {@link #readAt}. */
  public Future<Integer> readAtAsync(ByteBuffer target, long position) {
    return new TransferFuture<>("read from " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        checkRead(target, position);
        return target.hasRemaining() ? ReadAttempt.read(file, waker, target, position) : 0;
      }

      @Override
      protected FileOperation begin() {
        return reading(target, position);
      }

      @Override
      protected Poll<Integer> answer(long n) {
        return Poll.ready((int) n);
      }
    };
  }

  /** Reads until {@code target} is full. */
  public void readFullyAt(ByteBuffer target, long position) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      if (readAt(target, position + wanted - target.remaining()) < 0) {
        throw endOfFile(target, wanted);
      }
    }
  }

  /** The future twin of {@link #readFullyAt}. */
  public Future<@Nullable Void> readFullyAtAsync(ByteBuffer target, long position) {
    int wanted = target.remaining();
    return new TransferFuture<@Nullable Void>("read fully from " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        checkRead(target, position);
        return target.hasRemaining() ? ReadAttempt.read(file, waker, target, at()) : 0;
      }

      @Override
      protected FileOperation begin() {
        return reading(target, at());
      }

      private long at() {
        return position + wanted - target.remaining();
      }

      @Override
      protected Poll<@Nullable Void> answer(long n) throws IOException {
        if (n < 0) {
          throw endOfFile(target, wanted);
        }
        return target.hasRemaining() ? Poll.pending() : Poll.ready(null);
      }
    };
  }

  private EOFException endOfFile(ByteBuffer target, int wanted) {
    return new EOFException("end of " + file + " after " + (wanted - target.remaining()) + " of " + wanted + " bytes");
  }

  /** Writes at a position: how many bytes. */
  public int writeAt(ByteBuffer source, long position) throws IOException {
    checkWrite(source, position);
    if (!source.hasRemaining()) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(file);
    }
    int n = WriteAttempt.write(file, source, position);
    return n != ReadAttempt.WOULD_WAIT ? n : (int) writing(source, position).await(awaiter);
  }

  private void checkWrite(ByteBuffer source, long position) throws IOException {
    Objects.requireNonNull(source, "source");
    TransferBuffers.requirePosition(position);
    file.requireOpen();
    if (!file.options.writes()) {
      throw new NonWritableChannelException();
    }
  }

  private WriteOperation writing(ByteBuffer source, long position) {
    return new WriteOperation(file, new ByteBuffer[]{source}, 0, 1, position);
  }

  /** The future twin of {@link #writeAt}. */
  public Future<Integer> writeAtAsync(ByteBuffer source, long position) {
    return new TransferFuture<>("write to " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        checkWrite(source, position);
        return source.hasRemaining() ? WriteAttempt.write(file, source, position) : 0;
      }

      @Override
      protected FileOperation begin() {
        return writing(source, position);
      }

      @Override
      protected Poll<Integer> answer(long n) {
        return Poll.ready((int) n);
      }
    };
  }

  /** Writes all of {@code source}. */
  public void writeFullyAt(ByteBuffer source, long position) throws IOException {
    int start = source.position();
    while (source.hasRemaining()) {
      int _ = writeAt(source, position + source.position() - start);
    }
  }

  /** The future twin of {@link #writeFullyAt}. */
  public Future<@Nullable Void> writeFullyAtAsync(ByteBuffer source, long position) {
    int start = source.position();
    return new TransferFuture<@Nullable Void>("write fully to " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        checkWrite(source, position);
        return source.hasRemaining() ? WriteAttempt.write(file, source, at()) : 0;
      }

      @Override
      protected FileOperation begin() {
        return writing(source, at());
      }

      private long at() {
        return position + source.position() - start;
      }

      @Override
      protected Poll<@Nullable Void> answer(long n) {
        return source.hasRemaining() ? Poll.pending() : Poll.ready(null);
      }
    };
  }

  /**
   * Sends up to {@code count} bytes from {@code position} on to {@code target}; without a copy in user space if that has a file descriptor, as a {@code TcpStream} or a pipe. Returns when all were taken, or the file ends; the file's own position does
   * not matter and stays as it is.
   *
   * <p><b>Cancellation:</b> loses nothing, and what was sent stays sent: {@link FileTransfer} tells how much that is, and goes on.
   *
   * @return how many bytes; fewer than {@code count} only if the file has no more
   * @throws IllegalArgumentException if the position or the count is negative, or {@code target} is a channel of the JDK's in non-blocking mode
   * @throws NonReadableChannelException if the file was not opened to be read
   * @throws IOException if reading or writing fails
   */
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    try (FileTransfer transfer = FileTransfer.to(this, position, count, target)) {
      return transfer.run();
    }
  }

  /** The future twin of {@link #transferTo}. */
  public Future<Long> transferToAsync(long position, long count, WritableByteChannel target) {
    return FileTransfer.to(this, position, count, target).runAsync();
  }

  /**
   * Writes up to {@code count} bytes of {@code source} from {@code position} on; without a copy in user space if that has a file descriptor, as a {@code TcpStream} or a pipe. Returns when all were written, or the source ends; the file's own position
   * does not matter and stays as it is.
   *
   * <p><b>Cancellation:</b> what was taken from the source is written before the exception is thrown; {@link FileTransfer} tells how much that is, and goes on. After a failed write, what was taken and not written is lost, unless a {@link FileTransfer} keeps it.
   *
   * @return how many bytes; fewer than {@code count} only if the source has no more
   * @throws IllegalArgumentException if the position or the count is negative, or {@code source} is a channel of the JDK's in non-blocking mode
   * @throws NonWritableChannelException if the file was not opened to be written
   * @throws IOException if reading or writing fails
   */
  public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
    try (FileTransfer transfer = FileTransfer.from(source, this, position, count)) {
      return transfer.run();
    }
  }

  /** The future twin of {@link #transferFrom}. Closing it drops what was taken and not written; a {@link FileTransfer} keeps that. */
  public Future<Long> transferFromAsync(ReadableByteChannel source, long position, long count) {
    return FileTransfer.from(source, this, position, count).runAsyncOnce();
  }

  /**
   * The content from {@code position} on in chunks of {@code size} bytes, of which the last one is shorter, read ahead: while one chunk is worked on, up to {@code readAhead} more are read. Nothing is read before the first is asked for. What is appended to the file
   * meanwhile may or may not be seen.
   *
   * <p>Of a file opened with {@code direct}, the position and the size must be multiples of the device's blocks.
   *
   * <p><b>Cancellation:</b> closing the stream cancels what is read ahead. The file stays open.
   *
   * @throws IllegalArgumentException if the position or {@code readAhead} is negative, or the size not positive
   */
  public AsyncStream<ByteBuffer> chunks(long position, int size, int readAhead) {
    return new FileChunks(this, position, size, readAhead);
  }

  /**
   * The lines of a file of text in UTF-8, LF or CR LF, which are left out. The file is opened when the first is asked for, and closed with the stream.
   *
   * <p>A line of more than {@code limit} bytes is a {@link io.github.epollo.runtime.io.LimitExceededException}; bytes that are no UTF-8 become the replacement character.
   *
   * {@snippet file="io/github/epollo/fs/StreamSnippetsTest.java" region="lines"}
   */
  public static AsyncStream<String> lines(Path path, int limit) {
    return lines(path, limit, StandardCharsets.UTF_8);
  }

  /** As {@link #lines(Path, int)}, with another charset, one that has LF and CR where ASCII has them. */
  public static AsyncStream<String> lines(Path path, int limit, Charset charset) {
    return AsyncStream.fromFuture(openAsync(path)).flatMap(file -> {
      BufferedAsyncReader reader = new BufferedAsyncReader(new FileRangeReader(file, 0), LINES_BUFFER);
      return AsyncStream.fromCalls(() -> reader.readLineAsync(limit, charset)).onClose(file::closeQuietly);
    });
  }

  /** For a file that was read only, whose close does not wait and has nothing to say. */
  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FileHandle handle() {
    return file;
  }

  /** Bytes of content. */
  public long size() throws IOException {
    return new StatusOperation(file).await(Awaiter.current());
  }

  /** Whether {@link #close} was not called. */
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (file.beginClose()) {
      file.fd.close();
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
