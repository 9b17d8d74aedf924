package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file on its way to being open. Closing it closes what was opened. */
final class Opening extends AbstractFuture<AsyncFile> {
  /*
   * O_NONBLOCK, so that a FIFO or a device does not hold a thread until somebody comes to its other end. Only then does statx(2) tell what it is. For a regular file the flag means
   * nothing but that an open may answer EAGAIN, where another process has a lease; FileHandle takes it away again.
   */
  private static final int PAGE = 4096;

  private final Path path;
  private final OpenOptions options;
  private final byte[] name;
  private boolean patient; // O_NONBLOCK was refused: a regular file with a lease
  private @Nullable FileContext context;
  private @Nullable OpenCall call;

  Opening(Path path, OpenOptions options) {
    this.path = path;
    this.options = options.check();
    this.name = PathBytes.of(path);
  }

  @Override
  protected Poll<AsyncFile> advance(Waker waker) throws IOException {
    FileContext here = context;
    if (here == null) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      context = here = FileContext.current();
      NativeBuffer bytes = bytes(here);
      int number = options.changes() ? -Errno.EAGAIN : openOnTheSpot(here, bytes);
      if (number >= 0) {
        here.names().give(bytes);
        return Poll.ready(opened(here, number));
      }
      call = submit(here, bytes);
    }
    while (true) {
      OpenCall under = call;
      if (under == null || !under.poll(waker)) {
        return Poll.pending();
      }
      long number = under.result();
      call = null;
      under.end();
      if (number >= 0) {
        return Poll.ready(opened(here, (int) number));
      }
      if (number != -Errno.EAGAIN || patient) {
        throw failed((int) -number);
      }
      patient = true;
      call = submit(here, bytes(here));
    }
  }

  private NativeBuffer bytes(FileContext context) throws IOException {
    NativeBuffer bytes = context.names().take();
    if (name.length >= bytes.size()) {
      context.names().give(bytes);
      throw failed(Errno.ENAMETOOLONG);
    }
    bytes.bytes().put(0, name).put(name.length, (byte) 0);
    return bytes;
  }

  private OpenCall submit(FileContext context, NativeBuffer bytes) throws IOException {
    int flags = options.flags() | (patient ? 0 : FileFlags.O_NONBLOCK);
    return new OpenCall(context, bytes, flags, options.makes() ? options.mode() : 0, options.deletesOnClose());
  }

  /** The number, or a negative one if it cannot be had without waiting. */
  private int openOnTheSpot(FileContext context, NativeBuffer bytes) {
    return context.kernel().openat2(FileFlags.AT_FDCWD, bytes.address(),
        (options.flags() | FileFlags.O_NONBLOCK) & 0xffffffffL, 0, FileFlags.RESOLVE_CACHED);
  }

  private AsyncFile opened(FileContext context, int number) throws IOException {
    boolean done = false;
    try {
      NativeBuffer memory = context.names().take();
      try {
        FileStatus status = FileStatus.at(memory.address());
        int result = context.kernel().statx(number, 0, FileFlags.AT_EMPTY_PATH | FileFlags.AT_STATX_DONT_SYNC,
            FileStatus.BASIC | FileStatus.DIRECT_ALIGNMENT, memory.address());
        if (result < 0) {
          throw Errno.toFileException("statx", path.toString(), null, -result);
        }
        requireFile(FileType.ofMode(status.mode()));
        boolean local = status.device() >>> 32 != 0; // network file systems, FUSE and those in memory have no device
        FileHandle file = new FileHandle(Epollo.current(), context, context.engine(), number, new FileDescription(),
            path.toString(),
            options, alignment(status), local, status.size());
        done = true;
        if (FileType.ofMode(status.mode()) != FileType.CHARACTER_DEVICE) {
          file.openedNonBlocking();
        }
        return AsyncFile.of(file);
      } finally {
        context.names().give(memory);
      }
    } finally {
      if (!done) {
        int _ = context.loop().kernel().close(number);
      }
    }
  }

  private int alignment(FileStatus status) {
    if (!options.isDirect()) {
      return 1;
    }
    int told = Math.max(status.directMemoryAlignment(), status.directOffsetAlignment());
    return told > 0 ? told : PAGE;
  }

  private void requireFile(FileType type) throws FileSystemException {
    String remedy = switch (type) {
      case DIRECTORY -> "is a directory: list it with AsyncFiles.list";
      case FIFO -> "is a FIFO, which has no positions: open it with Pipe.openReader or Pipe.openWriter";
      default -> null;
    };
    if (remedy != null) {
      throw new FileSystemException(path.toString(), null, remedy);
    }
  }

  private IOException failed(int errno) {
    String call = options + " openat";
    String remedy = switch (errno) {
      case Errno.EISDIR -> "is a directory: list it with AsyncFiles.list";
      case Errno.ENXIO ->
        "is a socket, a device without a driver, or a FIFO that nobody reads: open sockets with the net module, and FIFOs with Pipe";
      case Errno.EOPNOTSUPP, Errno.EINVAL ->
        "cannot be opened so: the file system has no support for one of these options";
      case Errno.ECANCELED -> "was not opened: the runtime is closed";
      default -> null;
    };
    if (remedy == null) {
      return Errno.toFileException(call, path.toString(), null, errno);
    }
    return new FileSystemException(path.toString(), null, remedy + " (" + call + ": " + Errno.name(errno) + ")");
  }

  @Override
  protected void release() {
    OpenCall left = call;
    if (left != null) {
      call = null;
      left.abandon();
    }
  }

  @Override
  public String toString() {
    return "open " + path;
  }
}
