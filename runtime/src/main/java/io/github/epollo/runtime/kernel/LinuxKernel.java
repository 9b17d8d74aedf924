package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of this machine, called through {@link LibC}.
 *
 * <p>Without state that a caller could see; every method is callable from any thread, virtual ones too. A native call
 * pins a virtual thread to its carrier while it runs. In the steady state no call allocates.
 */
public final class LinuxKernel implements Kernel {
  private static final String CANNOT_CALL = "the C library cannot be called";

  /** Blocks kept: more than there are cores that make such calls at one moment. */
  private static final int BLOCKS = 32;

  private final LibC libc;
  private final NativeBlocks blocks;
  private final LinuxFileKernel files;
  private final boolean nanoTimeIsMonotonic;

  private LinuxKernel(LibC libc, NativeBlocks blocks) {
    this.libc = libc;
    this.blocks = blocks;
    this.files = new LinuxFileKernel(libc, blocks);
    warmUp();
    this.nanoTimeIsMonotonic = isNanoTimeMonotonic();
  }

  /**
   * The kernel. The first call links the C functions.
   *
   * @throws UnsupportedPlatformException if this is not Linux on x86-64 or aarch64, or native access is denied
   */
  public static LinuxKernel get() {
    if (Holder.KERNEL == null) {
      UnsupportedPlatformException failure = Holder.FAILURE;
      throw new UnsupportedPlatformException(failure == null ? "" : String.valueOf(failure.getMessage()), failure);
    }
    return Holder.KERNEL;
  }

  /** A kernel of its own, for tests: checks the platform, then binds what {@code binding} answers. */
  static LinuxKernel load(Platform platform, Supplier<LibC> binding, NativeBlocks blocks) {
    platform.requireSupported();
    try {
      return new LinuxKernel(binding.get(), blocks);
    } catch (ExceptionInInitializerError e) {
      throw platform.unsupported(CANNOT_CALL, e.getCause());
    } catch (LinkageError | RuntimeException e) {
      throw platform.unsupported(CANNOT_CALL, e);
    }
  }

  /** Binds {@link LibC}. */
  static LibC bind() {
    return new LibC();
  }

  /** Calls that fail in a known way, one of each kind: they load every class of the path, and prove that errno arrives. */
  private void warmUp() {
    expectBadFd("close(-1)", close(-1));
    expectBadFd("read(-1)", read(-1, 0, 0));
    expectBadFd("write(-1)", write(-1, 0, 0)); // as a wake-up makes it: perhaps by a thread that must not stop to load a class
  }

  private static void expectBadFd(String call, long result) {
    if (result != -Errno.EBADF) {
      throw new IllegalStateException(call + " answered " + result + " in place of -EBADF: errno is not captured");
    }
  }

  /** Whether {@link System#nanoTime} reads CLOCK_MONOTONIC, as HotSpot's does: it must lie between two readings. */
  private boolean isNanoTimeMonotonic() {
    long before = readClock(Clocks.MONOTONIC);
    long nanoTime = System.nanoTime();
    long after = readClock(Clocks.MONOTONIC);
    return before <= nanoTime && nanoTime <= after;
  }

  @Override
  public int epollCreate(int flags) {
    return libc.epoll_create1(flags);
  }

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    NativeBlock block = blocks.take();
    try {
      block.memory().set(JAVA_INT_UNALIGNED, EpollEventLayout.EVENTS, events);
      block.memory().set(JAVA_LONG_UNALIGNED, EpollEventLayout.NATIVE.data(), data);
      return libc.epoll_ctl(epollFd, operation, fd, block.address());
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    return libc.epoll_wait(epollFd, eventsAddress, maxEvents, timeoutMillis);
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    return libc.eventfd(initialValue, flags);
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    return libc.timerfd_create(clockId, flags);
  }

  @Override
  public int timerfdSettime(int fd, long deadlineNanos) {
    NativeBlock block = blocks.take();
    try {
      Timespec.putSingleExpiry(block.memory(), deadlineNanos);
      return libc.timerfd_settime(fd, FileFlags.TFD_TIMER_ABSTIME, block.address(), 0);
    } finally {
      blocks.give(block);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@link Clocks#MONOTONIC} is read by {@link System#nanoTime} where both are the same clock: a JVM intrinsic in
   * place of a native call.
   */
  @Override
  public long clockGettime(int clockId) {
    return clockId == Clocks.MONOTONIC && nanoTimeIsMonotonic ? System.nanoTime() : readClock(clockId);
  }

  /** clock_gettime(2) itself. */
  long readClock(int clockId) {
    NativeBlock block = blocks.take();
    try {
      int result = libc.clock_gettime(clockId, block.address());
      return result < 0 ? result : Timespec.nanos(block.memory());
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return libc.socket(domain, type, protocol);
  }

  @Override
  public int bind(int fd, long addressAddress, int addressLength) {
    return libc.bind(fd, addressAddress, addressLength);
  }

  @Override
  public int listen(int fd, int backlog) {
    return libc.listen(fd, backlog);
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    return libc.accept4(fd, addressAddress, lengthAddress, flags);
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    return libc.connect(fd, addressAddress, addressLength);
  }

  @Override
  public int getsockname(int fd, long addressAddress, long lengthAddress) {
    return libc.getsockname(fd, addressAddress, lengthAddress);
  }

  @Override
  public int getpeername(int fd, long addressAddress, long lengthAddress) {
    return libc.getpeername(fd, addressAddress, lengthAddress);
  }

  @Override
  public int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress) {
    return libc.getsockopt(fd, level, option, valueAddress, lengthAddress);
  }

  @Override
  public int setsockopt(int fd, int level, int option, long valueAddress, int valueLength) {
    return libc.setsockopt(fd, level, option, valueAddress, valueLength);
  }

  @Override
  public int shutdown(int fd, int how) {
    return libc.shutdown(fd, how);
  }

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    return libc.recv(fd, bufferAddress, length, flags);
  }

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    return libc.send(fd, bufferAddress, length, flags);
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    return libc.recvmsg(fd, messageAddress, flags);
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    return libc.sendmsg(fd, messageAddress, flags);
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    return libc.read(fd, bufferAddress, length);
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    return libc.write(fd, bufferAddress, length);
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    return libc.readv(fd, vectorsAddress, count);
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    return libc.writev(fd, vectorsAddress, count);
  }

  @Override
  public int close(int fd) {
    return libc.close(fd);
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    return libc.fcntl(fd, command, argument);
  }

  @Override
  public FileKernel files() {
    return files;
  }

  @Override
  public int schedGetaffinity(int pid, long maskLength, long maskAddress) {
    return libc.sched_getaffinity(pid, maskLength, maskAddress);
  }

  @Override
  public int schedSetaffinity(int pid, long maskLength, long maskAddress) {
    return libc.sched_setaffinity(pid, maskLength, maskAddress);
  }

  @Override
  public String toString() {
    return "LinuxKernel";
  }

  /** Keeps the outcome of the one attempt. A failure is an object, since a failing initializer says less each time. */
  private static final class Holder {
    static final @Nullable LinuxKernel KERNEL;
    static final @Nullable UnsupportedPlatformException FAILURE;

    static {
      LinuxKernel kernel = null;
      UnsupportedPlatformException failure = null;
      try {
        kernel = load(Platform.current(), LinuxKernel::bind, new NativeBlocks(BLOCKS));
      } catch (UnsupportedPlatformException e) {
        failure = e;
      }
      KERNEL = kernel;
      FAILURE = failure;
    }
  }
}
