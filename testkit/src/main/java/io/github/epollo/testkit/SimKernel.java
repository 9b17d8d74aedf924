package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.MessageHeader;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.SimSocket;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.CrashChoice;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.ring.RingEvents;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that exists in memory only: epoll, eventfd, timerfd, TCP sockets, files, pipes and io_uring with Linux's rules, and time that is virtual. It stands for one host with one process; several in one
 * {@link SimNetwork} reach each other.
 *
 * <p>The same calls give the same results, always. What it does not simulate (UDP, AF_UNIX, calls that block other than {@code epollWait}) throws an {@link
 * UnsupportedOperationException} that says so.
 *
 * <p><b>Threading:</b> as {@link Kernel}: every method may be called from any thread.
 */
public final class SimKernel implements Kernel {
  static {
    rehearseWakeUp();
  }

  private final SimNetwork network;
  private final SimHost host;
  private final SimWorld world;
  private final SimFileKernel files;
  private final SimDisk disk;

  /** A host of its own, {@code 10.0.0.1}, in a network of its own. */
  public SimKernel() {
    this(new SimNetwork(), "10.0.0.1");
  }

  /** A host in {@code network} with an IPv4 address such as {@code 10.0.0.2}. */
  SimKernel(SimNetwork network, String address) {
    this(network, world -> new SimHost(world, address));
  }

  private SimKernel(SimNetwork network, Function<SimWorld, SimHost> maker) {
    this.network = network;
    this.world = network.world();
    world.lock();
    try {
      this.host = maker.apply(world);
      this.files = new SimFileKernel(host);
      this.disk = new SimDisk(files, world);
    } finally {
      world.unlock();
    }
  }

  /**
   * Has all loaded and linked that waking a loop needs. The JDK's thread that goes on with tasks which have waited for a monitor wakes loops; if it had to load a class, with a lock that such a task
   * is to get next, neither would go on.
   */
  private static void rehearseWakeUp() {
    SimKernel kernel = new SimKernel();
    int eventFd = kernel.eventfd(0, FileFlags.EFD_CLOEXEC | FileFlags.EFD_NONBLOCK);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(ValueLayout.JAVA_LONG);
      one.set(ValueLayout.JAVA_LONG, 0, 1L);
      long written = kernel.write(eventFd, one.address(), Long.BYTES);
      if (written != Long.BYTES || kernel.close(eventFd) != 0) {
        throw new IllegalStateException("an eventfd took " + written + " bytes of " + Long.BYTES);
      }
    }
  }

  /** The network that this host is in. */
  public SimNetwork network() {
    return network;
  }

  /** The time of that network. */
  public VirtualTime time() {
    return network.time();
  }

  SimHost host() {
    return host;
  }

  /** How many fds the process may have, counting 0 to 2, which are always taken; more are refused with {@code EMFILE}. */
  public void limitFds(int limit) {
    int _ = locked(() -> {
      host.limitFds(limit);
      return 0;
    });
  }

  /** The disk of this host. */
  public SimDisk disk() {
    return disk;
  }

  /** Has rings that are made from now on tell {@code events}. */
  void ringEvents(RingEvents events) {
    world.lock();
    try {
      files.rings().events(events);
    } finally {
      world.unlock();
    }
  }

  /** What the host is after a crash: nothing open, nothing running, its connections reset, and on its disk what {@code choice} leaves. This one is on no network from now on. */
  SimKernel rebooted(CrashChoice choice) {
    SimKernel after = new SimKernel(network, _ -> host.reboot());
    world.lock();
    try {
      after.files.files().mount(files.files().disk().crashed(choice));
    } finally {
      world.unlock();
    }
    return after;
  }

  /** Has the host use another disk, before anything runs on it. */
  void mount(Disk other) {
    world.lock();
    try {
      files.files().mount(other);
    } finally {
      world.unlock();
    }
  }

  /** The disk; with the world locked. */
  Disk mounted() {
    return files.files().disk();
  }

  /** Has {@code observer} called now, and after each call that changes what a crash would leave, with the world locked; all that is on the disk is synced first. Null ends that. */
  void observe(@Nullable Runnable observer) {
    world.lock();
    try {
      if (observer == null) {
        mounted().observe(() -> {});
      } else {
        mounted().syncAll();
        mounted().observe(observer);
        observer.run();
      }
    } finally {
      world.unlock();
    }
  }

  void resetConnection(int fd) {
    world.lock();
    try {
      host.resetConnection(fd);
    } finally {
      world.unlock();
    }
  }

  /** All fds that are open, each as "number: what"; empty if none is. */
  public List<String> describeFds() {
    world.lock();
    try {
      return host.describeFds();
    } finally {
      world.unlock();
    }
  }

  /** The fds that are open, that no loop has for itself, and that no call under way keeps open; each as "number: what". */
  List<String> describeFdsOfUsers() {
    world.lock();
    try {
      return host.fdsOfUsers().stream().map(fd -> fd + ": " + host.file(fd)).toList();
    } finally {
      world.unlock();
    }
  }

  /** How many fds are open, not counting 0 to 2. */
  public int openFds() {
    return locked(() -> host.openFds() - 3);
  }

  private int locked(IntSupplier call) {
    world.lock();
    try {
      return call.getAsInt();
    } finally {
      world.unlock();
    }
  }

  private long lockedLong(LongSupplier call) {
    world.lock();
    try {
      return call.getAsLong();
    } finally {
      world.unlock();
    }
  }

  private int onSocket(int fd, ToIntFunction<SimSocket> call) {
    return locked(() -> {
      OpenFile file = host.file(fd);
      return file == null
          ? -Errno.EBADF
          : file instanceof SimSocket socket ? call.applyAsInt(socket) : -Errno.ENOTSOCK;
    });
  }

  private long onSocketLong(int fd, ToLongFunction<SimSocket> call) {
    return lockedLong(() -> {
      OpenFile file = host.file(fd);
      return file == null
          ? -Errno.EBADF
          : file instanceof SimSocket socket ? call.applyAsLong(socket) : -Errno.ENOTSOCK;
    });
  }

  private long onFile(int fd, ToLongFunction<OpenFile> call) {
    return lockedLong(() -> {
      OpenFile file = host.file(fd);
      if (file == null) {
        return -Errno.EBADF;
      }
      try {
        return call.applyAsLong(file);
      } catch (FileError e) {
        return -e.errno();
      } finally {
        files.files().disk().settled();
      }
    });
  }

  @Override
  public int epollCreate(int flags) {
    return locked(() -> host.epollCreate(flags));
  }

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    return locked(() -> host.epollCtl(epollFd, operation, fd, events, data));
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    return locked(() -> host.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis));
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    return locked(() -> host.eventfd(initialValue, flags));
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    return locked(() -> host.timerfdCreate(clockId, flags));
  }

  @Override
  public int timerfdSettime(int fd, long deadlineNanos) {
    return locked(() -> host.timerfdSettime(fd, deadlineNanos));
  }

  @Override
  public long clockGettime(int clockId) {
    return lockedLong(() -> host.clockGettime(clockId));
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return locked(() -> host.socket(domain, type, protocol));
  }

  @Override
  public int bind(int fd, long addressAddress, int addressLength) {
    return onSocket(fd, s -> s.bind(addressAddress, addressLength));
  }

  @Override
  public int listen(int fd, int backlog) {
    return onSocket(fd, s -> s.listen(backlog));
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    return locked(() -> host.accept4(fd, addressAddress, lengthAddress, flags));
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    return onSocket(fd, s -> s.connect(addressAddress, addressLength));
  }

  @Override
  public int getsockname(int fd, long addressAddress, long lengthAddress) {
    return onSocket(fd, s -> s.getsockname(addressAddress, lengthAddress));
  }

  @Override
  public int getpeername(int fd, long addressAddress, long lengthAddress) {
    return onSocket(fd, s -> s.getpeername(addressAddress, lengthAddress));
  }

  @Override
  public int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress) {
    return onSocket(fd, s -> s.getsockopt(level, option, valueAddress, lengthAddress));
  }

  @Override
  public int setsockopt(int fd, int level, int option, long valueAddress, int valueLength) {
    return onSocket(fd, s -> s.setsockopt(level, option, valueAddress, valueLength));
  }

  @Override
  public int shutdown(int fd, int how) {
    return onSocket(fd, s -> s.shutdown(how));
  }

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    return onSocketLong(fd, s -> s.receive(UserMemory.of(bufferAddress, length), flags));
  }

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    return onSocketLong(fd, s -> s.send(UserMemory.of(bufferAddress, length), flags));
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    return onSocketLong(fd, s -> {
      MessageHeader header = MessageHeader.at(messageAddress);
      if (header.vectorCount() > UserMemory.MAX_VECTORS) {
        return -Errno.EMSGSIZE;
      }
      long result = s.receive(UserMemory.ofVectors(header.vectors(), (int) header.vectorCount()), flags);
      if (result >= 0) {
        header.name(header.name(), 0);
        header.control(header.control(), 0);
        header.flags(0);
      }
      return result;
    });
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    return onSocketLong(fd, s -> {
      MessageHeader header = MessageHeader.at(messageAddress);
      return header.vectorCount() > UserMemory.MAX_VECTORS
          ? -Errno.EMSGSIZE
          : s.send(UserMemory.ofVectors(header.vectors(), (int) header.vectorCount()), flags);
    });
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    return onFile(fd, f -> f.read(UserMemory.of(bufferAddress, length)));
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    return onFile(fd, f -> f.write(UserMemory.of(bufferAddress, length)));
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    return onFile(fd, f -> count < 0 || count > UserMemory.MAX_VECTORS
        ? -Errno.EINVAL
        : f.read(UserMemory.ofVectors(vectorsAddress, count)));
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    return onFile(fd, f -> count < 0 || count > UserMemory.MAX_VECTORS
        ? -Errno.EINVAL
        : f.write(UserMemory.ofVectors(vectorsAddress, count)));
  }

  @Override
  public int close(int fd) {
    return locked(() -> host.close(fd));
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    return locked(() -> host.fcntl(fd, command, argument));
  }

  @Override
  public FileKernel files() {
    return files;
  }

  /** As {@code SimKernel 10.0.0.1}. */
  @Override
  public String toString() {
    return "SimKernel " + host;
  }
}
