package io.github.epollo.fs;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.TaskThread;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.runtime.sync.OneshotReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open file.
 *
 * {@snippet file="io/github/epollo/fs/SnippetsTest.java" region="async-file"}
 *
 * <p>What is in the page cache is read on the spot; what would wait for a device goes through the loop's engine, and the task is parked meanwhile. Reads and writes at positions know nothing of
 * each other, and any number of tasks may make them at once. Those without a position share a cursor.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or stopped by a deadline, has lost nothing: it is as if it had not been made. What changes the file is different: when it is cancelled, the kernel is asked to
 * leave it, and the exception comes once it is known what was done; the position of the buffer then tells exactly how much was written. A device that hangs so delays a cancel. Futures do not
 * wait when they are closed: what a write or another change under way has done is unknown then.
 *
 * <p><b>Lost data:</b> after a sync has failed, or a write with an error of the device, the kernel forgets what it could not save, and the next sync would succeed. Here it does not: every later write and sync
 * of this file, and of its {@linkplain #duplicate duplicates}, throws an exception whose cause is the first. A full disk, told by a write, loses nothing and can be tried again.
 *
 * <p><b>Threading:</b> every method may be called from any thread, {@link #close} too. One task at a time may read or write at the cursor; a second one gets an {@link IllegalStateException}.
 *
 * <p>Exceptions are those of {@code java.nio.file}, with path and operation, and those of {@code java.nio.channels}: {@link java.nio.channels.ClosedChannelException} after {@link #close}, {@link
 * java.nio.channels.AsynchronousCloseException} if another task closes the file while this one waits, {@link java.nio.channels.NonReadableChannelException} and {@link
 * java.nio.channels.NonWritableChannelException} for what the file was not opened for.
 */
public final class AsyncFile
    implements
      AsyncByteChannel,
      SeekableByteChannel,
      ScatteringByteChannel,
      GatheringByteChannel {
  private static final int LINES_BUFFER = 64 * 1024;

  private final FileHandle file;
  private final FileReads reads;
  private final FileWrites writes;
  private final FileCursor cursor;
  private final FileCommands commands;
  private volatile boolean outputShut;

  private AsyncFile(FileHandle file) {
    this.file = file;
    this.reads = new FileReads(file);
    this.writes = new FileWrites(file);
    this.cursor = new FileCursor(file, reads, writes);
    this.commands = new FileCommands(file, writes);
  }

  /** The file of {@code handle}, which is closed with its loop if it is not before. */
  static AsyncFile of(FileHandle handle) {
    AsyncFile file = new AsyncFile(handle);
    handle.ownedBy(file);
    handle.context.add(handle);
    return file;
  }

  // ---- opening

  /**
   * Opens {@code path}: to read, unless the options say something else. They mean what they mean to {@link java.nio.file.Files#newByteChannel}, except that contradictions are refused and {@code APPEND} goes
   * with {@code READ}.
   *
   * <p>Regular files and devices can be opened; of a directory, a FIFO or a socket the exception names the class to use. Opening never waits for the other end of anything. The file belongs to the current loop.
   *
   * <p><b>Cancellation:</b> what was opened is closed; a file that was made stays.
   *
   * @throws IllegalArgumentException if two options contradict each other
   * @throws UnsupportedOperationException if there is an option that is not known
   * @throws java.nio.file.NoSuchFileException if there is no such file, and it is not to be made
   * @throws java.nio.file.FileAlreadyExistsException if there is one, and a new one is to be made
   * @throws java.nio.file.AccessDeniedException if it must not be opened so
   * @throws java.nio.file.FileSystemException if it is no file, or anything else fails
   * @throws IllegalStateException outside any runtime
   */
  public static AsyncFile open(Path path, OpenOption... options) throws IOException {
    return open(path, OpenOptions.of(options));
  }

  /** As {@link #open(Path, OpenOption...)}, with more to say. */
  public static AsyncFile open(Path path, OpenOptions options) throws IOException {
    return await(openAsync(path, options));
  }

  /** The future twin of {@link #open(Path, OpenOption...)}. Closing it closes what was opened. */
  public static Future<AsyncFile> openAsync(Path path, OpenOption... options) {
    return openAsync(path, OpenOptions.of(options));
  }

  /** The future twin of {@link #open(Path, OpenOptions)}. Closing it closes what was opened. */
  public static Future<AsyncFile> openAsync(Path path, OpenOptions options) {
    return new Opening(path, options);
  }

  private static <T extends @Nullable Object> T await(Future<T> future) throws IOException {
    try {
      return future.await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  // ---- reading and writing at positions

  /**
   * Reads what is there at {@code position}, at least one byte: less than the buffer has room for if only that is in memory, or the file ends. Waits if nothing is in memory. If it does not
   * wait, it allocates nothing; into a direct buffer with room for 16 KiB or more it may allocate a small object, and copies nothing.
   *
   * @param position in bytes from the start of the file
   * @return how many bytes; 0 if {@code target} is full; -1 at the end of the file
   * @throws IllegalArgumentException if {@code position} is negative, {@code target} is read-only, or one of them does not suit direct I/O
   */
  public int readAt(ByteBuffer target, long position) throws IOException {
    return reads.readAt(target, position);
  }

  /** The future twin of {@link #readAt(ByteBuffer, long)}. Closing it loses nothing; the buffer is not touched after that. */
  public Future<Integer> readAtAsync(ByteBuffer target, long position) {
    return reads.readAtAsync(target, position);
  }

  /** As {@link #readAt(ByteBuffer, long)}, into several buffers in order, with one system call. */
  public long readAt(ByteBuffer[] targets, long position) throws IOException {
    return reads.readAt(targets, 0, targets.length, position);
  }

  /** The future twin of {@link #readAt(ByteBuffer[], long)}. Closing it loses nothing. */
  public Future<Long> readAtAsync(ByteBuffer[] targets, long position) {
    return reads.readAtAsync(targets, position);
  }

  /**
   * Reads at {@code position} until {@code target} is full.
   *
   * <p><b>Cancellation:</b> what was read is in the buffer, up to its position.
   *
   * @throws java.io.EOFException if the file ends first; what came before is in the buffer
   */
  public void readFullyAt(ByteBuffer target, long position) throws IOException {
    reads.readFullyAt(target, position);
  }

  /** The future twin of {@link #readFullyAt}. Closing it loses nothing: what was read is in the buffer. */
  public Future<@Nullable Void> readFullyAtAsync(ByteBuffer target, long position) {
    return reads.readFullyAtAsync(target, position);
  }

  /**
   * Writes some of {@code source} at {@code position}, at least one byte; a gap behind the end of the file reads as zeros.
   *
   * <p><b>Cancellation:</b> waits until it is known how much was written: the buffer's position tells.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws IllegalArgumentException if {@code position} is negative, or does not suit direct I/O
   * @throws UnsupportedOperationException if the file was opened to append
   * @throws java.nio.file.FileSystemException if the device is full, or fails
   */
  public int writeAt(ByteBuffer source, long position) throws IOException {
    writes.requirePositions(position);
    return writes.writeAt(source, position);
  }

  /** The future twin of {@link #writeAt(ByteBuffer, long)}. Closing it before it is ready leaves open whether the bytes are written. */
  public Future<Integer> writeAtAsync(ByteBuffer source, long position) {
    writes.requirePositions(position);
    return writes.writeAtAsync(source, position);
  }

  /** As {@link #writeAt(ByteBuffer, long)}, from several buffers in order, with one system call. */
  public long writeAt(ByteBuffer[] sources, long position) throws IOException {
    writes.requirePositions(position);
    return writes.writeAt(sources, 0, sources.length, position);
  }

  /** The future twin of {@link #writeAt(ByteBuffer[], long)}. Closing it before it is ready leaves open whether the bytes are written. */
  public Future<Long> writeAtAsync(ByteBuffer[] sources, long position) {
    writes.requirePositions(position);
    return writes.writeAtAsync(sources, position);
  }

  /** Writes all of {@code source} at {@code position}. What it throws, and what a cancel means, is as for {@link #writeAt(ByteBuffer, long)}. */
  public void writeFullyAt(ByteBuffer source, long position) throws IOException {
    writes.requirePositions(position);
    writes.writeFullyAt(source, position);
  }

  /** The future twin of {@link #writeFullyAt}. Closing it leaves a part written: up to the buffer's position, and perhaps more. */
  public Future<@Nullable Void> writeFullyAtAsync(ByteBuffer source, long position) {
    writes.requirePositions(position);
    return writes.writeFullyAtAsync(source, position);
  }

  // ---- reading and writing at the cursor

  /**
   * As {@link #readAt(ByteBuffer, long)}, at the cursor, which moves behind what was read.
   *
   * <p><b>Cancellation:</b> the cursor stays where it was.
   *
   * @throws IllegalStateException if another task reads or writes at the cursor
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    return cursor.read(target);
  }

  /** The future twin of {@link #read(ByteBuffer)}. Closing it loses nothing: the cursor stays. */
  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return cursor.readAsync(target);
  }

  /** As {@link #read(ByteBuffer)}, into several buffers in order. */
  @Override
  public long read(ByteBuffer[] targets) throws IOException {
    return cursor.read(targets, 0, targets.length);
  }

  /** As {@link #read(ByteBuffer)}, into several buffers in order. */
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return cursor.read(targets, offset, length);
  }

  /**
   * As {@link #writeAt(ByteBuffer, long)}, at the cursor, which moves behind what was written; in a file opened to append, at the end.
   *
   * <p><b>Cancellation:</b> cursor and buffer tell how much was written.
   *
   * @throws IllegalStateException if another task reads or writes at the cursor
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    requireOutput();
    return cursor.write(source);
  }

  /** The future twin of {@link #write(ByteBuffer)}. Closing it before it is ready leaves open whether the bytes are written; the cursor stays. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return outputShut ? Future.failed(ClosedChannel.outputShutDown(this)) : cursor.writeAsync(source);
  }

  /** As {@link #write(ByteBuffer)}, from several buffers in order. */
  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  /** As {@link #write(ByteBuffer)}, from several buffers in order. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    requireOutput();
    return cursor.write(sources, offset, length);
  }

  private void requireOutput() throws IOException {
    if (outputShut) {
      throw ClosedChannel.outputShutDown(this);
    }
  }

  /** Writes nothing more at the cursor. Idempotent; does not sync. */
  @Override
  public void shutdownOutput() throws IOException {
    file.requireOpen();
    outputShut = true;
  }

  /** Where the cursor is, in bytes from the start; after an append, the end of the file. */
  @Override
  public long position() throws IOException {
    return cursor.position();
  }

  /**
   * Puts the cursor somewhere, also behind the end.
   *
   * @throws IllegalArgumentException if {@code newPosition} is negative
   * @throws IllegalStateException if another task reads or writes at the cursor
   */
  @Override
  public AsyncFile position(long newPosition) throws IOException {
    cursor.position(newPosition);
    return this;
  }

  // ---- size and space

  /**
   * Sends up to {@code count} bytes from {@code position} on to {@code target}; without a copy in user space if that has a file descriptor, as a {@code TcpStream} or a pipe. Returns when all were taken, or the file ends; the file's own position does
   * not matter and stays as it is.
   *
   * <p><b>Cancellation:</b> loses nothing, and what was sent stays sent: {@link FileTransfer} tells how much that is, and goes on.
   *
   * @return how many bytes; fewer than {@code count} only if the file has no more
   * @throws IllegalArgumentException if the position or the count is negative, or {@code target} is a channel of the JDK's in non-blocking mode
   * @throws java.nio.channels.NonReadableChannelException if the file was not opened to be read
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
   * @throws java.nio.channels.NonWritableChannelException if the file was not opened to be written
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

  /** Bytes of content. Waits only for a server's answer. */
  @Override
  public long size() throws IOException {
    return file.local ? FileStatusCall.sizeOnTheSpot(file) : new FileStatusCall(file).await(Awaiter.current());
  }

  /** The future twin of {@link #size}. */
  public Future<Long> sizeAsync() {
    return new FileFuture<>("size of " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        return file.local ? FileStatusCall.sizeOnTheSpot(file) : ReadAttempt.WOULD_WAIT;
      }

      @Override
      protected FileOperation begin() {
        return new FileStatusCall(file);
      }

      @Override
      protected Poll<Long> answer(long n) {
        return Poll.ready(n);
      }
    };
  }

  /**
   * Cuts the file to {@code size} bytes; one that is not longer stays as it is. A cursor behind the new end moves there.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  @Override
  public AsyncFile truncate(long size) throws IOException {
    TransferBuffers.requirePosition(size);
    writes.requireWritable();
    if (size < FileStatusCall.sizeOnTheSpot(file)) {
      long _ = commands.truncate(size).await(Awaiter.current());
    }
    cursor.limit(size);
    return this;
  }

  /** The future twin of {@link #truncate}. Closing it leaves open whether that was done. */
  public Future<@Nullable Void> truncateAsync(long size) {
    TransferBuffers.requirePosition(size);
    return new FileFuture<@Nullable Void>("truncate " + file) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        writes.requireWritable();
        return size < FileStatusCall.sizeOnTheSpot(file) ? ReadAttempt.WOULD_WAIT : 0;
      }

      @Override
      protected FileOperation begin() throws IOException {
        return commands.truncate(size);
      }

      @Override
      protected Poll<@Nullable Void> answer(long n) {
        cursor.limit(size);
        return Poll.ready(null);
      }
    };
  }

  /**
   * Makes room on the device, so that writes there do not fail for want of it; the file grows if it was shorter, by zeros.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws IllegalArgumentException if {@code position} is negative or {@code length} not positive
   * @throws java.nio.file.FileSystemException if there is no room, or the file system cannot do this
   */
  public void allocate(long position, long length) throws IOException {
    long _ = commands.allocate(position, length).await(Awaiter.current());
  }

  /** The future twin of {@link #allocate}. Closing it leaves open whether that was done. */
  public Future<@Nullable Void> allocateAsync(long position, long length) {
    return twin("allocate", () -> commands.allocate(position, length));
  }

  /** Gives a part of the file back to the device: it reads as zeros, and the size stays. What it throws, and what a cancel means, is as for {@link #allocate}. */
  public void punchHole(long position, long length) throws IOException {
    long _ = commands.punchHole(position, length).await(Awaiter.current());
  }

  /** The future twin of {@link #punchHole}. Closing it leaves open whether that was done. */
  public Future<@Nullable Void> punchHoleAsync(long position, long length) {
    return twin("punch a hole into", () -> commands.punchHole(position, length));
  }

  /** Tells the kernel how a part of the file will be used; {@code length} 0 is to the end. A cancel loses nothing. */
  public void advise(long position, long length, FileAdvice advice) throws IOException {
    long _ = commands.advise(position, length, advice).await(Awaiter.current());
  }

  /** The future twin of {@link #advise}. */
  public Future<@Nullable Void> adviseAsync(long position, long length, FileAdvice advice) {
    return twin("advise", () -> commands.advise(position, length, advice));
  }

  // ---- the device

  /**
   * Waits until all that was written, by whomever, and the file's metadata are on the device. The name of a new file is not: that is for a sync of its directory.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws java.nio.file.FileSystemException if the device fails: what was written since the last sync may be lost, and no later sync or write of this file succeeds
   */
  public void sync() throws IOException {
    long _ = commands.sync(false).await(Awaiter.current());
  }

  /** The future twin of {@link #sync}. Closing it leaves open whether that was done; a failure is told by the next sync or write. */
  public Future<@Nullable Void> syncAsync() {
    return twin("sync", () -> commands.sync(false));
  }

  /** As {@link #sync}, but of the metadata only what is needed to read the data again. */
  public void syncData() throws IOException {
    long _ = commands.sync(true).await(Awaiter.current());
  }

  /** The future twin of {@link #syncData}; see {@link #syncAsync}. */
  public Future<@Nullable Void> syncDataAsync() {
    return twin("sync the data of", () -> commands.sync(true));
  }

  // ---- metadata

  /** What the kernel knows of the file. Waits only for a server's answer. A cancel loses nothing. */
  public FileMetadata metadata() throws IOException {
    if (file.local) {
      return FileStatusCall.metadataOnTheSpot(file);
    }
    FileStatusCall call = new FileStatusCall(file);
    long _ = call.await(Awaiter.current());
    return call.metadata();
  }

  /** The future twin of {@link #metadata}. */
  public Future<FileMetadata> metadataAsync() {
    return new FileFuture<>("metadata of " + file) {
      private @Nullable FileStatusCall call;

      @Override
      protected FileOperation begin() {
        FileStatusCall made = new FileStatusCall(file);
        call = made;
        return made;
      }

      @Override
      protected Poll<FileMetadata> answer(long n) {
        return Poll.ready(Objects.requireNonNull(call).metadata());
      }
    };
  }

  /**
   * Sets who may do what with the file.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws java.nio.file.AccessDeniedException if the file is somebody else's
   */
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    setPermissions(Permissions.toMode(permissions));
  }

  /**
   * As {@link #setPermissions(Set)}.
   *
   * @param mode as in {@code 0640}
   * @throws IllegalArgumentException if it has other bits than {@code 07777}
   */
  public void setPermissions(int mode) throws IOException {
    long _ = commands.setPermissions(mode).await(Awaiter.current());
  }

  /** The future twin of {@link #setPermissions(int)}. Closing it leaves open whether that was done. */
  public Future<@Nullable Void> setPermissionsAsync(int mode) {
    return twin("set the permissions of", () -> commands.setPermissions(mode));
  }

  /**
   * Sets when the file was last read and last changed, to the nanosecond; null leaves a time as it is.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws java.nio.file.AccessDeniedException if the file is somebody else's
   */
  public void setTimes(@Nullable Instant accessed, @Nullable Instant modified) throws IOException {
    long _ = commands.setTimes(accessed, modified).await(Awaiter.current());
  }

  /** The future twin of {@link #setTimes}. Closing it leaves open whether that was done. */
  public Future<@Nullable Void> setTimesAsync(@Nullable Instant accessed, @Nullable Instant modified) {
    return twin("set the times of", () -> commands.setTimes(accessed, modified));
  }

  /**
   * Gives a {@linkplain OpenOptions#temporary temporary} file a name.
   *
   * <p><b>Cancellation:</b> waits until it is known whether that was done, and then throws.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is such a name
   */
  public void linkTo(Path path) throws IOException {
    long _ = commands.linkTo(path).await(Awaiter.current());
  }

  private Future<@Nullable Void> twin(String name, Begin begin) {
    return new FileFuture<@Nullable Void>(name + " " + file) {
      @Override
      protected FileOperation begin() throws IOException {
        return begin.begin();
      }

      @Override
      protected Poll<@Nullable Void> answer(long n) {
        return Poll.ready(null);
      }
    };
  }

  private interface Begin {
    FileOperation begin() throws IOException;
  }

  // ---- locks

  /**
   * Waits for an exclusive lock on the whole file.
   *
   * <p>The kernel can wait for a lock only by holding a thread that nobody could stop; so this asks again and again, with pauses of 1 ms at first and 64 ms at most. Who waits is not served in any order. A wait needs the module
   * {@code io.github.epollo.timers}.
   *
   * {@snippet file="io/github/epollo/fs/SnippetsTest.java" region="lock"}
   *
   * <p><b>Cancellation:</b> the lock is not taken, or is given back.
   *
   * @throws java.nio.channels.OverlappingFileLockException if this file or a duplicate of it holds one, or waits for one: the kernel would let the new one take its place
   */
  public AsyncFileLock lock() throws IOException {
    return lock(0, Long.MAX_VALUE, false);
  }

  /**
   * As {@link #lock()}, on a part of the file.
   *
   * @param size in bytes; {@link Long#MAX_VALUE} is to the end, however far that grows
   * @param shared whether others may have such a lock at the same time; the file must be readable then, and else writable
   * @throws IllegalArgumentException if {@code position} is negative or {@code size} not positive
   */
  public AsyncFileLock lock(long position, long size, boolean shared) throws IOException {
    Future<AsyncFileLock> waiting = lockAsync(position, size, shared);
    // Pauses are the loop's to keep, so a plain thread has it wait.
    return await(Loop.currentOrNull() == null ? file.epollo.spawn(waiting) : waiting);
  }

  /** The future twin of {@link #lock(long, long, boolean)}. Closing it gives back what was had. */
  public Future<AsyncFileLock> lockAsync(long position, long size, boolean shared) {
    return new LockFuture(new AsyncFileLock(file, position, size, shared), true).map(Objects::requireNonNull);
  }

  /** As {@link #lock()}, but null if another file has a lock in the way. */
  public @Nullable AsyncFileLock tryLock() throws IOException {
    return tryLock(0, Long.MAX_VALUE, false);
  }

  /** As {@link #lock(long, long, boolean)}, but null if another file has a lock in the way. */
  public @Nullable AsyncFileLock tryLock(long position, long size, boolean shared) throws IOException {
    return await(new LockFuture(new AsyncFileLock(file, position, size, shared), false));
  }

  // ---- life

  /** The same open file once more: with a cursor of its own, closed on its own. Locks are the file's: those taken here are given back when this one is closed. */
  public AsyncFile duplicate() throws IOException {
    return of(file.duplicate());
  }

  /** Whether {@link #close} was not called, and the runtime is open. */
  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  /**
   * Closes the file. Who waits for it gets an {@link java.nio.channels.AsynchronousCloseException}, unless what they asked for is done. Idempotent. It does not sync.
   *
   * <p>A file that was opened to write is closed by the engine, since that may wait, for a server, or for a large file without a name to be freed; the caller waits for it, and for the calls under way to end. Outside of
   * tasks, and for files that were opened to read only, close(2) is called at once, or by the last call that ends.
   *
   * <p><b>Cancellation:</b> is held back until the file is closed.
   *
   * @throws java.nio.file.FileSystemException if close(2) tells that something could not be written; the file is closed all the same
   */
  @Override
  public void close() throws IOException {
    OneshotReceiver<Integer> result = file.closeResult();
    if (!file.beginClose() || !file.options.writes()) {
      return;
    }
    if (Loop.currentOrNull() != null && !(Awaiter.current() instanceof TaskThread)) {
      return; // the loop itself cannot wait
    }
    int errno = Tasks.<Integer, RuntimeException>shield(result::receive);
    if (errno < 0) {
      throw file.failed("close", errno);
    }
  }

  /** The future twin of {@link #close}. The file is closed at the first poll; closing the future only stops the waiting. */
  public Future<@Nullable Void> closeAsync() {
    return new CloseFuture(this, file);
  }

  /** As {@code AsyncFile[/etc/hosts]}. */
  @Override
  public String toString() {
    return file.toString();
  }
}
