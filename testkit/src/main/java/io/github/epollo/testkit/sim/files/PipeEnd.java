package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Fifo;
import org.jspecify.annotations.Nullable;

/** An end of a pipe, or of a named one, which may be both ends at once. */
final class PipeEnd extends OpenFile {
  private static final int MOST_PAGES = 1 << 20; // of a pipe that a privileged process resizes

  private final Pipe pipe;
  private final @Nullable Fifo fifo;
  private final boolean reader;
  private final boolean writer;
  private final boolean seesEnd; // a writer was there before

  /** {@code fifo}: its name, if it has one. {@code access}: an access mode of openat(2). */
  PipeEnd(SimWorld world, Pipe pipe, @Nullable Fifo fifo, int access, boolean nonBlocking) {
    super(world, nonBlocking);
    this.pipe = pipe;
    this.fifo = fifo;
    this.reader = access != FileFlags.O_WRONLY;
    this.writer = access != FileFlags.O_RDONLY;
    this.seesEnd = fifo == null;
    pipe.join(this);
    if (fifo != null) {
      fifo.open();
    }
  }

  boolean isReader() {
    return reader;
  }

  boolean isWriter() {
    return writer;
  }

  Pipe pipe() {
    return pipe;
  }

  @Nullable
  Fifo fifo() {
    return fifo;
  }

  void notice(int key) {
    wake(key);
  }

  @Override
  public int statusFlags() {
    int access = reader && writer ? FileFlags.O_RDWR : writer ? FileFlags.O_WRONLY : FileFlags.O_RDONLY;
    return access | (super.statusFlags() & FileFlags.O_NONBLOCK);
  }

  @Override
  public int poll() {
    int mask = 0;
    if (reader) {
      mask |= pipe.isEmpty() ? 0 : Epoll.IN;
      mask |= !pipe.hasWriters() && (seesEnd || pipe.hadWriter()) ? Epoll.HUP : 0;
    }
    if (writer) {
      mask |= pipe.isFull() ? 0 : Epoll.OUT;
      mask |= pipe.hasReaders() ? 0 : Epoll.ERR;
    }
    return mask;
  }

  @Override
  public long read(UserMemory target) {
    return read(target, false);
  }

  long read(UserMemory target, boolean dontWait) {
    if (!reader) {
      return -Errno.EBADF;
    }
    if (target.length() == 0) {
      return 0;
    }
    if (pipe.isEmpty()) {
      return pipe.hasWriters() ? wouldBlock(dontWait) : 0;
    }
    byte[] bytes = pipe.peek((int) Math.min(target.length(), pipe.size()));
    target.write(bytes);
    taken(bytes.length);
    return bytes.length;
  }

  /** What {@link Pipe#peek} gave was used. */
  void taken(int count) {
    if (pipe.remove(count)) {
      pipe.wake(Epoll.OUT);
    }
  }

  @Override
  public long write(UserMemory source) {
    return write(source, false);
  }

  long write(UserMemory source, boolean dontWait) {
    if (!writer) {
      return -Errno.EBADF;
    }
    return write(source.read((int) source.length()), dontWait);
  }

  long write(byte[] bytes, boolean dontWait) {
    if (bytes.length == 0) {
      return 0;
    }
    if (!pipe.hasReaders()) {
      return -Errno.EPIPE;
    }
    int count = pipe.add(bytes);
    if (count == 0) {
      return wouldBlock(dontWait);
    }
    pipe.wake(Epoll.IN);
    return count < bytes.length && !isNonBlocking() && !dontWait ? wouldBlock(false) : count;
  }

  @Override
  public int control(int command, int argument) {
    if (command == FileFlags.F_GETPIPE_SZ) {
      return pipe.capacity();
    }
    if (command != FileFlags.F_SETPIPE_SZ) {
      return super.control(command, argument);
    }
    if (argument < 0) {
      return -Errno.EINVAL;
    }
    int pages = Math.max(1, Integer.highestOneBit(2 * ((argument + Pipe.PAGE - 1) / Pipe.PAGE) - 1));
    if (pages > MOST_PAGES) {
      return -Errno.EPERM;
    }
    boolean wasFull = pipe.isFull();
    if (!pipe.resize(pages)) {
      return -Errno.EBUSY;
    }
    if (wasFull && !pipe.isFull()) {
      pipe.wake(Epoll.OUT);
    }
    return pipe.capacity();
  }

  @Override
  protected void released() {
    pipe.leave(this);
    if (pipe.hasReaders() != pipe.hasWriters()) {
      pipe.wake(0);
    }
    if (fifo != null) {
      if (pipe.isUnused()) {
        fifo.pipe(null);
      }
      fifo.close();
    }
  }

  @Override
  public String toString() {
    return (fifo == null ? "pipe" : "fifo " + fifo.number()) + (reader ? " to read" : "") + (writer ? " to write" : "");
  }
}
