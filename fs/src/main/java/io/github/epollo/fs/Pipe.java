package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pipe of the kernel: bytes from one end to the other, between tasks, or between processes that share it. For bytes between tasks only, {@link io.github.epollo.runtime.io.DuplexStream} needs no system calls.
 *
 * {@snippet file="io/github/epollo/fs/FdSnippetsTest.java" region="pipe"}
 *
 * <p>A FIFO is a pipe with a name: {@link #createFifo} makes the name, {@link #openReader} and {@link #openWriter} open an end each.
 *
 * {@snippet file="io/github/epollo/fs/FdSnippetsTest.java" region="fifo"}
 *
 * @param reader the end to read
 * @param writer the end to write; close it so that the reader comes to the end
 */
public record Pipe(PipeReader reader, PipeWriter writer) implements AutoCloseable {
  /** {@code PIPE_BUF}: so many bytes go into a pipe together or not at all, in one write. */
  public static final int ATOMIC_BYTES = 4096;

  /**
   * Makes a pipe, which belongs to the current loop and is closed in child processes.
   *
   * @throws IOException if there are too many open files, or too many pages in this user's pipes
   * @throws IllegalStateException outside any runtime
   */
  public static Pipe open() throws IOException {
    FileContext context = FileContext.current();
    NativeBuffer memory = context.names().take();
    int readNumber;
    int writeNumber;
    try {
      int result = context.kernel().pipe2(memory.address(), FileFlags.O_NONBLOCK | FileFlags.O_CLOEXEC);
      if (result < 0) {
        throw Errno.toIOException("pipe2", -result);
      }
      readNumber = memory.memory().getAtIndex(ValueLayout.JAVA_INT, 0);
      writeNumber = memory.memory().getAtIndex(ValueLayout.JAVA_INT, 1);
    } finally {
      context.names().give(memory);
    }
    Kernel kernel = context.loop().kernel();
    AsyncFd reader = null;
    boolean done = false;
    try {
      reader = AsyncFd.adopt(readNumber, Interest.READ);
      Pipe pipe = new Pipe(new PipeReader(reader, kernel),
          new PipeWriter(AsyncFd.adopt(writeNumber, Interest.WRITE), kernel));
      done = true;
      return pipe;
    } finally {
      if (!done) {
        int _ = kernel.close(writeNumber);
        if (reader != null) {
          reader.close();
        } else {
          int _ = kernel.close(readNumber);
        }
      }
    }
  }

  /**
   * Makes a FIFO.
   *
   * <p><b>Cancellation:</b> is held back until the kernel has answered.
   *
   * @param permissions for whom; those of the process's umask are taken away
   * @throws java.nio.file.FileAlreadyExistsException if there is something at {@code path}
   * @throws java.nio.file.NoSuchFileException if the directory is missing
   * @throws java.nio.file.FileSystemException if the file system refuses for another reason
   */
  public static void createFifo(Path path, Set<PosixFilePermission> permissions) throws IOException {
    Future<@Nullable Void> created = createFifoAsync(path, permissions);
    Tasks.<IOException>shield(() -> {
      @Nullable Void _ = CallFuture.await(created);
    });
  }

  /** The future twin of {@link #createFifo}. Closing it before it is ready leaves open whether there is a FIFO. */
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public static Future<@Nullable Void> createFifoAsync(Path path, Set<PosixFilePermission> permissions) {
    Objects.requireNonNull(path, "path");
    int mode = Permissions.toMode(permissions);
    return new CallFuture<@Nullable Void>("create the FIFO " + path, () -> {
      FileContext context = FileContext.current();
      return new FifoCall(context, PathMemory.of(context, path), mode);
    }, result -> {
      if (result < 0) {
        throw Errno.toFileException("mkfifoat", path.toString(), null, (int) -result);
      }
      return null;
    });
  }

  /**
   * Opens the end to read of a FIFO, whether or not somebody writes. The first read waits for a writer; after the last writer has gone, reads answer -1 until another one comes.
   *
   * <p><b>Cancellation:</b> closes what was opened.
   *
   * @throws java.nio.file.NoSuchFileException if there is nothing at {@code path}
   * @throws java.nio.file.AccessDeniedException if reading is not permitted
   * @throws java.nio.file.FileSystemException if it is no FIFO
   */
  public static PipeReader openReader(Path path) throws IOException {
    return CallFuture.await(openReaderAsync(path));
  }

  /** The future twin of {@link #openReader}. Closing it closes what was opened. */
  public static Future<PipeReader> openReaderAsync(Path path) {
    return new FifoOpening<>(path, FileFlags.O_RDONLY, PipeReader::new);
  }

  /**
   * As {@link #openReader}, but the end never comes: the descriptor can be written to, too, so that there always is a writer. For a service that reads what one process after the other writes. Needs the permission to write.
   */
  public static PipeReader openEndlessReader(Path path) throws IOException {
    return CallFuture.await(openEndlessReaderAsync(path));
  }

  /** The future twin of {@link #openEndlessReader}. Closing it closes what was opened. */
  public static Future<PipeReader> openEndlessReaderAsync(Path path) {
    return new FifoOpening<>(path, FileFlags.O_RDWR, PipeReader::new);
  }

  /**
   * Opens the end to write of a FIFO; waits until somebody has it open for reading. The kernel tells nobody when that happens, so this tries again after pauses that grow from 1 to 50 ms; they need the module {@code
   * io.github.epollo.timers}.
   *
   * <p><b>Cancellation:</b> closes what was opened.
   *
   * @throws java.nio.file.NoSuchFileException if there is nothing at {@code path}
   * @throws java.nio.file.AccessDeniedException if writing is not permitted
   * @throws java.nio.file.FileSystemException if it is no FIFO
   */
  public static PipeWriter openWriter(Path path) throws IOException {
    return CallFuture.await(openWriterAsync(path));
  }

  /** The future twin of {@link #openWriter}. Closing it closes what was opened. */
  public static Future<PipeWriter> openWriterAsync(Path path) {
    return new FifoOpening<>(path, FileFlags.O_WRONLY, PipeWriter::new);
  }

  /** Closes both ends. Idempotent. */
  @Override
  public void close() {
    writer.close();
    reader.close();
  }
}
