package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.MessageHeader;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.kernel.SocketAddresses;
import io.github.epollo.runtime.kernel.SocketFilter;
import io.github.epollo.runtime.kernel.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The calls of a kernel with Java's values in place of addresses, and results as text: what is to be compared between two kernels. */
final class Calls implements AutoCloseable {
  static final int V4 = Sockets.AF_INET;
  static final int V6 = Sockets.AF_INET6;
  static final int NONBLOCK = Sockets.SOCK_NONBLOCK;
  private static final int DATA = 1 << 20;

  private final Kernel kernel;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment data = arena.allocate(DATA, 8);
  private final MemorySegment name = arena.allocate(128, 8);
  private final MemorySegment length = arena.allocate(8, 8);
  private final IoVectors vectors = new IoVectors(arena, 16);
  private final MessageHeader header = new MessageHeader(arena);
  private final EpollEvents events = new EpollEvents(arena, 64);
  private final List<Integer> opened = new ArrayList<>();

  Calls(Kernel kernel) {
    this.kernel = kernel;
  }

  Kernel kernel() {
    return kernel;
  }

  /** The number, or the name of the error. */
  static String text(long result) {
    return result < 0 ? Errno.name((int) -result) : Long.toString(result);
  }

  private int opened(int fd) {
    if (fd >= 0) {
      opened.add(fd);
    }
    return fd;
  }

  int socket(int family) {
    return opened(kernel.socket(family, Sockets.SOCK_STREAM | NONBLOCK | Sockets.SOCK_CLOEXEC, 0));
  }

  int epoll() {
    return opened(kernel.epollCreate(Epoll.CLOEXEC));
  }

  int eventfd(int initial, int flags) {
    return opened(kernel.eventfd(initial, flags));
  }

  int timerfd(int clock) {
    return opened(kernel.timerfdCreate(clock, NONBLOCK));
  }

  int duplicate(int fd, int command, int from) {
    return opened(kernel.fcntl(fd, command, from));
  }

  int close(int fd) {
    boolean _ = opened.removeIf(o -> o == fd);
    return kernel.close(fd);
  }

  /** Writes an address of the loopback interface; returns its length. */
  int loopback(int family, int port) {
    return address(family, family == V4 ? 0x7f00_0001 : 1, port);
  }

  /** Writes an address that ends in {@code low}. */
  int address(int family, int low, int port) {
    NativeMemory.putInt(length.address(), 128);
    int _ = family == V4
        ? SocketAddresses.putV4(name.address(), length.address(), low, port)
        : SocketAddresses.putV6(name.address(), length.address(), 0, low, port);
    return NativeMemory.getInt(length.address());
  }

  int bind(int fd, int family, int port) {
    return kernel.bind(fd, name.address(), loopback(family, port));
  }

  int bindAny(int fd, int family, int port) {
    return kernel.bind(fd, name.address(), address(family, 0, port));
  }

  int bindTo(int fd, int family, int low, int port, int length) {
    int _ = address(family, low, port);
    return kernel.bind(fd, name.address(), length);
  }

  int connect(int fd, int family, int port) {
    return kernel.connect(fd, name.address(), loopback(family, port));
  }

  int connectTo(int fd, int family, int low, int port, int length) {
    int _ = address(family, low, port);
    return kernel.connect(fd, name.address(), length);
  }

  int accept(int fd) {
    return opened(kernel.accept4(fd, 0, 0, NONBLOCK | Sockets.SOCK_CLOEXEC));
  }

  /** The port of the peer is in {@link #port()} then. */
  int acceptNamed(int fd, int room) {
    NativeMemory.putInt(length.address(), room);
    return opened(kernel.accept4(fd, name.address(), length.address(), NONBLOCK));
  }

  int getsockname(int fd) {
    NativeMemory.putInt(length.address(), 128);
    return kernel.getsockname(fd, name.address(), length.address());
  }

  int getpeername(int fd) {
    NativeMemory.putInt(length.address(), 128);
    return kernel.getpeername(fd, name.address(), length.address());
  }

  /** The port of the name that was answered last. */
  int port() {
    return SocketAddresses.port(name.address());
  }

  /** The length of the name or value that was answered last. */
  int length() {
    return NativeMemory.getInt(length.address());
  }

  /** The name that was answered last, without its port. */
  String host() {
    return SocketAddresses.family(name.address()) == V4
        ? "v4 " + Integer.toHexString(SocketAddresses.v4(name.address()))
        : "v6 " + Long.toHexString(SocketAddresses.v6High(name.address())) + " "
            + Long.toHexString(SocketAddresses.v6Low(name.address()));
  }

  int port(int fd) {
    int result = getsockname(fd);
    if (result < 0) {
      throw new AssertionError("getsockname: " + text(result));
    }
    return port();
  }

  int set(int fd, int level, int option, int... values) {
    for (int i = 0; i < values.length; i++) {
      NativeMemory.putInt(data.address() + (long) i * Integer.BYTES, values[i]);
    }
    return kernel.setsockopt(fd, level, option, data.address(), values.length * Integer.BYTES);
  }

  /** {@link SocketFilter#NO_NEW_CONNECTIONS}, in a copy. */
  int filterRequests(int fd, int length) {
    NativeMemory.segment(data.address(), SocketFilter.SIZE)
        .copyFrom(NativeMemory.segment(SocketFilter.NO_NEW_CONNECTIONS.address(), SocketFilter.SIZE));
    return kernel.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, data.address(), length);
  }

  String get(int fd, int level, int option, int count) {
    NativeMemory.putInt(length.address(), count * Integer.BYTES);
    int result = kernel.getsockopt(fd, level, option, data.address(), length.address());
    if (result < 0) {
      return text(result);
    }
    StringJoiner text = new StringJoiner(",");
    for (int i = 0; i < length() / Integer.BYTES; i++) {
      text.add(Integer.toString(NativeMemory.getInt(data.address() + (long) i * Integer.BYTES)));
    }
    return text.toString();
  }

  String error(int fd) {
    String value = get(fd, Sockets.SOL_SOCKET, Sockets.SO_ERROR, 1);
    return value.matches("[1-9]\\d*") ? Errno.name(Integer.parseInt(value)) : value;
  }

  private long put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    NativeMemory.write(data.address(), bytes, 0, bytes.length);
    return bytes.length;
  }

  private String got(long result) {
    if (result < 0) {
      return text(result);
    }
    byte[] bytes = new byte[(int) result];
    NativeMemory.read(data.address(), bytes, 0, bytes.length);
    return "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'";
  }

  String send(int fd, String text, int flags) {
    long length = put(text);
    return text(kernel.send(fd, data.address(), length, flags | Sockets.MSG_NOSIGNAL));
  }

  /** Sends many zeros. */
  long sendBulk(int fd, int count) {
    return kernel.send(fd, data.address(), count, Sockets.MSG_NOSIGNAL);
  }

  String recv(int fd, int count, int flags) {
    return got(kernel.recv(fd, data.address(), count, flags));
  }

  long recvBulk(int fd, int count) {
    return kernel.recv(fd, data.address(), count, 0);
  }

  String write(int fd, String text) {
    long length = put(text);
    return text(kernel.write(fd, data.address(), length));
  }

  String read(int fd, int count) {
    return got(kernel.read(fd, data.address(), count));
  }

  private void split(int... lengths) {
    long at = data.address();
    for (int i = 0; i < lengths.length; i++) {
      vectors.put(i, at, lengths[i]);
      at += lengths[i];
    }
  }

  String writev(int fd, String text, int... lengths) {
    long _ = put(text);
    split(lengths);
    return text(kernel.writev(fd, vectors.address(), lengths.length));
  }

  String readv(int fd, int... lengths) {
    split(lengths);
    return got(kernel.readv(fd, vectors.address(), lengths.length));
  }

  String sendmsg(int fd, String text, int... lengths) {
    long _ = put(text);
    split(lengths);
    header.vectors(vectors.address(), lengths.length);
    return text(kernel.sendmsg(fd, header.address(), Sockets.MSG_NOSIGNAL));
  }

  String recvmsg(int fd, int flags, int... lengths) {
    split(lengths);
    header.vectors(vectors.address(), lengths.length);
    header.name(name.address(), 128);
    header.control(data.address(), 0);
    String result = got(kernel.recvmsg(fd, header.address(), flags));
    return result + (result.startsWith("'") ? " " + header.nameLength() + " " + header.flags() : "");
  }

  /** Reads or writes the 64 bits of an eventfd or a timerfd. */
  String readLong(int fd, int room) {
    long result = kernel.read(fd, data.address(), room);
    return result < 0 ? text(result) : result + ":" + NativeMemory.getLong(data.address());
  }

  String writeLong(int fd, long value, int length) {
    NativeMemory.putLong(data.address(), value);
    return text(kernel.write(fd, data.address(), length));
  }

  String control(int epoll, int operation, int fd, int events, long data) {
    return text(kernel.epollCtl(epoll, operation, fd, events, data));
  }

  /** One event. */
  record Event(long data, int mask) {
    @Override
    public String toString() {
      return data + ":" + Calls.mask(mask);
    }
  }

  static String mask(int mask) {
    StringJoiner text = new StringJoiner("|");
    String[] names = {"IN", "PRI", "OUT", "ERR", "HUP"};
    for (int i = 0; i < names.length; i++) {
      if ((mask & 1 << i) != 0) {
        text.add(names[i]);
      }
    }
    if ((mask & Epoll.RDHUP) != 0) {
      text.add("RDHUP");
    }
    int rest = mask & ~(0x1f | Epoll.RDHUP);
    return rest == 0 ? text.toString() : text + "+" + Integer.toHexString(rest);
  }

  List<Event> events(int epoll, int max, int timeoutMillis) {
    int count = kernel.epollWait(epoll, events.address(), max, timeoutMillis);
    if (count < 0) {
      throw new AssertionError("epoll_wait: " + text(count));
    }
    List<Event> happened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      happened.add(new Event(events.data(i), events.events(i)));
    }
    return happened;
  }

  String waitText(int epoll, int max, int timeoutMillis) {
    int count = kernel.epollWait(epoll, events.address(), max, timeoutMillis);
    if (count < 0) {
      return text(count);
    }
    StringJoiner text = new StringJoiner(" ");
    for (int i = 0; i < count; i++) {
      text.add(new Event(events.data(i), events.events(i)).toString());
    }
    return text.toString();
  }

  @Override
  public void close() {
    for (int fd : List.copyOf(opened)) {
      int _ = kernel.close(fd);
    }
    arena.close();
  }
}
