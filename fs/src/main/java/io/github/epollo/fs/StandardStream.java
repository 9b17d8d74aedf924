package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.FileEngine;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.io.FdMode;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A standard stream under its name; {@code way} is how it is read or written, by what it is. */
final class StandardStream implements AsyncByteChannel {
  private static final int ABOVE_STANDARD_STREAMS = 3;

  private final String name;
  private final AsyncByteChannel way;

  private StandardStream(String name, AsyncByteChannel way) {
    this.name = name;
    this.way = way;
  }

  /** Opens descriptor {@code number} once more: 0 to read, 1 and 2 to write. */
  static StandardStream open(int number, String name) throws IOException {
    FileContext context = FileContext.current();
    requireInherited(context, number, name);
    return new StandardStream(name, way(context, number, name));
  }

  private static AsyncByteChannel way(FileContext context, int number, String name) throws IOException {
    Interest interest = number == 0 ? Interest.READ : Interest.WRITE;
    int type = FdStatus.type(context, number);
    if (type == FileFlags.S_IFSOCK) {
      return new UnblockedChannel(context, AsyncFd.borrow(number, interest, FdMode.AS_IS), true);
    }
    String target = target(context, number);
    if (type == FileFlags.S_IFIFO || isTerminal(target)) {
      int again = reopen(context, number);
      if (again >= 0) {
        return adopt(context, again, interest);
      }
      if (again == -Errno.ENXIO && type == FileFlags.S_IFIFO) { // nobody reads: a write does not block, it fails
        return new UnblockedChannel(context, AsyncFd.borrow(number, interest, FdMode.AS_IS), false);
      }
    }
    FileEngine engine = context.engine();
    int duplicate = context.loop().kernel().fcntl(number, FileFlags.F_DUPFD_CLOEXEC, ABOVE_STANDARD_STREAMS);
    if (duplicate < 0) {
      throw Errno.toIOException("fcntl", name, -duplicate);
    }
    return new SequentialFile(context, engine, duplicate, name);
  }

  /** A name in procfs leads to the file itself: neither a disk is asked, nor, without blocking, another end waited for. */
  private static int reopen(FileContext context, int number) {
    int flags = number == 0 ? FileFlags.O_RDONLY : FileFlags.O_WRONLY;
    NativeBuffer path = procfsName(context, number);
    try {
      return context.kernel().openat(FileFlags.AT_FDCWD, path.address(),
          flags | FileFlags.O_NONBLOCK | FileFlags.O_NOCTTY | FileFlags.O_CLOEXEC, 0);
    } finally {
      context.names().give(path);
    }
  }

  private static AsyncFd adopt(FileContext context, int number, Interest interest) throws IOException {
    boolean done = false;
    try {
      AsyncFd fd = AsyncFd.adopt(number, interest);
      done = true;
      return fd;
    } finally {
      if (!done) {
        int _ = context.loop().kernel().close(number);
      }
    }
  }

  /** Not a master's side: opening that makes another terminal. */
  private static boolean isTerminal(String target) {
    return (target.startsWith("/dev/pts/") && !target.endsWith("/ptmx"))
        || (target.startsWith("/dev/tty") && !target.startsWith("/dev/tty_"))
        || target.equals("/dev/console");
  }

  /** What is missing at the start of a process gets taken by the first file that the JVM opens. */
  private static void requireInherited(FileContext context, int number, String name) throws IOException {
    Kernel kernel = context.loop().kernel();
    int flags = kernel.fcntl(number, FileFlags.F_GETFD, 0);
    if (flags < 0 || (flags & FileFlags.FD_CLOEXEC) != 0
        || target(context, number).startsWith(System.getProperty("java.home"))) {
      throw new IOException(name + " is closed: the process was started without file descriptor " + number
          + "; start it with a redirection from or to /dev/null instead");
    }
  }

  private static String target(FileContext context, int number) {
    NativeBuffer path = procfsName(context, number);
    try {
      int room = path.size() / 2;
      long length = context.kernel().readlinkat(FileFlags.AT_FDCWD, path.address(), path.address() + room, room);
      if (length <= 0) {
        return "";
      }
      byte[] target = new byte[(int) length];
      path.bytes().get(room, target);
      return PathBytes.toPath(target).toString();
    } finally {
      context.names().give(path);
    }
  }

  private static NativeBuffer procfsName(FileContext context, int number) {
    byte[] name = ("/proc/self/fd/" + number).getBytes(US_ASCII);
    NativeBuffer path = context.names().take();
    path.bytes().put(0, name).put(name.length, (byte) 0);
    return path;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return way.read(target);
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return way.readAsync(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return way.write(source);
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return way.writeAsync(source);
  }

  @Override
  public void shutdownOutput() throws IOException {
    way.close();
  }

  @Override
  public boolean isOpen() {
    return way.isOpen();
  }

  @Override
  public void close() throws IOException {
    way.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
