package io.github.epollo.fs;

import io.github.epollo.fs.DescriptorTransfer.Progress;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.ByteCopy;
import io.github.epollo.runtime.io.CopyOptions;
import io.github.epollo.runtime.io.DescriptorChannel;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between a part of a file and a channel; without a copy in user space where the channel's bytes go through a file descriptor, as those of a {@code TcpStream} or a pipe do: by sendfile(2) or splice(2). Everything else goes through
 * memory. {@link AsyncFile#transferTo} and {@link AsyncFile#transferFrom} are the short form; this one can go on after it was stopped.
 *
 * {@snippet file="io/github/epollo/fs/StreamSnippetsTest.java" region="transfer"}
 *
 * <p>Neither side is closed or shut down, and the file's own position is neither used nor moved. A page of a file that was sent by sendfile(2) is not copied: what is written to it before the peer has acknowledged it may be what arrives.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread. What is not in the page cache is brought there by the loop's ring or threads, before it is sent.
 *
 * <p><b>Cancellation:</b> no byte is lost and none is moved twice. {@link #count} tells how far it got, and {@link #run} goes on from there. Bytes that were taken from a channel are written to the file before the exception is thrown.
 * A future that is closed does not wait for that: the bytes stay in this object until it runs again, and {@link #close} drops them. So they do after a failed write.
 *
 * <p><b>Threading:</b> one task at a time; {@link #count} may be called from any thread.
 */
public final class FileTransfer implements AutoCloseable {
  private static final CopyOptions COPY = CopyOptions.defaults().withBufferSize(64 * 1024);

  private final AsyncFile file;
  private final long position;
  private final long limit;
  private final @Nullable AsyncReader source; // null if it is the file
  private final @Nullable AsyncWriter target; // null if it is the file
  private final @Nullable DescriptorTransfer direct;
  private volatile @Nullable ByteCopy copy; // does it, or goes on where the direct one could not
  private boolean running;

  private FileTransfer(AsyncFile file, long position, long limit, @Nullable AsyncReader source,
      @Nullable AsyncWriter target, @Nullable DescriptorTransfer direct) {
    this.file = file;
    TransferBuffers.requirePosition(position);
    this.position = position;
    this.limit = limit;
    this.source = source;
    this.target = target;
    this.direct = direct;
  }

  /**
   * Will send up to {@code count} bytes of {@code file} from {@code position} on to {@code target}; fewer if the file ends before. Nothing happens yet.
   *
   * @throws IllegalArgumentException if the position or the count is negative, or if {@code target} is a channel of the JDK's in non-blocking mode
   * @throws NonReadableChannelException if the file was not opened to be read
   */
  public static FileTransfer to(AsyncFile file, long position, long count, WritableByteChannel target) {
    requireCount(count);
    FileHandle handle = file.handle();
    if (!handle.options.reads()) {
      throw new NonReadableChannelException();
    }
    AsyncWriter writer = AsyncWriter.fromChannel(target);
    return new FileTransfer(file, position, count, null, writer, target instanceof DescriptorChannel channel
        ? new SendfileTransfer(handle, position, count, channel.side(Direction.WRITE))
        : null);
  }

  /**
   * Will write up to {@code count} bytes of {@code source} into {@code file} from {@code position} on; fewer if the source ends before. Nothing happens yet.
   *
   * @throws IllegalArgumentException if the position or the count is negative, or if {@code source} is a channel of the JDK's in non-blocking mode
   * @throws NonWritableChannelException if the file was not opened to be written
   */
  public static FileTransfer from(ReadableByteChannel source, AsyncFile file, long position, long count) {
    requireCount(count);
    FileHandle handle = file.handle();
    if (!handle.options.writes()) {
      throw new NonWritableChannelException();
    }
    AsyncReader reader = AsyncReader.fromChannel(source);
    return new FileTransfer(file, position, count, reader, null,
        source instanceof DescriptorChannel channel && !handle.options.appends() // a splice cannot append
            ? new SpliceTransfer(handle, position, count, channel.side(Direction.READ))
            : null);
  }

  private static void requireCount(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("cannot transfer " + count + " bytes: the count must not be negative");
    }
  }

  /** How many bytes have arrived at the other side: written to the file, or taken by the channel. */
  public long count() {
    ByteCopy copying = copy;
    return (direct == null ? 0 : direct.count()) + (copying == null ? 0 : copying.count());
  }

  /**
   * Transfers up to the count, or to the end of what is read; returns {@link #count}. After it was stopped or has failed, it goes on where it was.
   *
   * @throws java.nio.channels.ClosedChannelException if one of the two is closed; {@link java.nio.channels.AsynchronousCloseException} if that happens meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   * @throws IllegalStateException if it is under way already
   * @throws IOException if a read or a write fails
   */
  public long run() throws IOException {
    begin();
    try {
      if (direct == null || copy != null || direct.await(Awaiter.current()) == Progress.UNSUPPORTED) {
        long _ = throughMemory().run();
      }
      return count();
    } finally {
      end();
    }
  }

  /** The future twin of {@link #run}. Closing it loses nothing as long as this object is not closed: {@link #run} goes on. */
  public Future<Long> runAsync() {
    return new Running();
  }

  /** As {@link #runAsync}, of a transfer that nobody else knows of: closes it, too. */
  Future<Long> runAsyncOnce() {
    return new Running() {
      @Override
      protected void release() {
        super.release();
        FileTransfer.this.close();
      }
    };
  }

  private void begin() {
    if (running) {
      throw new IllegalStateException(this + " is under way: let it end, or close its future first");
    }
    running = true;
  }

  private void end() {
    running = false;
    if (direct != null) {
      direct.pause();
    }
  }

  /** The copy of what the direct way has left. */
  private ByteCopy throughMemory() throws IOException {
    ByteCopy present = copy;
    if (present != null) {
      return present;
    }
    long done = count();
    CopyOptions options = COPY.withLimit(limit - done);
    ByteCopy made;
    if (target != null) {
      made = new ByteCopy(new FileRangeReader(file, position + done), target, options);
    } else {
      AsyncReader from = Objects.requireNonNull(source);
      if (direct instanceof SpliceTransfer splice) {
        from = AsyncReader.of(splice.takeBytes()).chain(from);
      }
      made = new ByteCopy(from, new FileRangeWriter(file, position + done), options);
    }
    copy = made;
    return made;
  }

  /** Drops what was taken from a channel and is not in the file yet, if a write has failed or a future was closed; does not wait. Neither side is closed. Idempotent. */
  @Override
  public void close() {
    if (direct != null) {
      direct.close();
    }
  }

  @Override
  public String toString() {
    return "transfer of " + (source == null ? file : source) + " to " + (target == null ? file : target) + " after "
        + count() + " bytes";
  }

  private class Running extends AbstractFuture<Long> {
    private boolean begun;
    private @Nullable Waker stored;
    private @Nullable Future<Long> copying;

    @Override
    protected Poll<Long> advance(Waker waker) throws IOException {
      if (!begun) {
        begin();
        begun = true;
      }
      if (copying == null && direct != null && copy == null) {
        if (stored != null && stored != waker) {
          direct.forget(stored);
        }
        stored = waker;
        switch (direct.advance(waker)) {
          case PENDING -> {
            return Poll.pending();
          }
          case DONE -> {
            return Poll.ready(count());
          }
          case UNSUPPORTED -> {}
        }
      }
      Future<Long> memory = copying;
      if (memory == null) {
        copying = memory = throughMemory().runAsync();
      }
      Poll<Long> poll = memory.poll(waker);
      return poll instanceof Poll.Ready<Long> ? Poll.ready(count()) : poll;
    }

    @Override
    protected void release() {
      if (!begun) {
        return;
      }
      if (copying != null) {
        copying.close();
      }
      if (direct != null && stored != null) {
        direct.forget(stored);
      }
      end();
    }

    @Override
    public String toString() {
      return FileTransfer.this.toString();
    }
  }
}
