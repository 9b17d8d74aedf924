package io.github.epollo.net;

import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.kernel.SocketFilter;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A socket and the calls that never wait: names, options, bind, connect. Results are the kernel's: {@code >= 0} or {@code -errno}; EBADF stands for a socket
 * that was closed on this side.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 *
 * @param loop the loop whose driver the socket is, or will be, registered with
 * @param fd the socket
 * @param kernel the loop's kernel
 * @param scratches the loop's scratch memory
 */
record SocketHandle(Loop loop, Fd fd, Kernel kernel, Pool<Scratch> scratches) {
  private static final int FLAGS = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;

  /** Takes over {@code number}, a socket. */
  static SocketHandle of(Loop loop, int number) {
    return new SocketHandle(loop, new Fd(loop.kernel(), number), loop.kernel(), Scratch.POOL.get(loop));
  }

  /** socket(2): a stream socket, not blocking, closed in child processes; the handle, or throws. */
  static SocketHandle open(Loop loop, int family) throws IOException {
    int number = loop.kernel().socket(family, FLAGS, 0);
    if (number < 0) {
      throw Errno.toIOException("socket", family == Sockets.AF_INET6 ? "AF_INET6" : "AF_INET", -number);
    }
    return of(loop, number);
  }

  /** Adds the socket to the loop's epoll, which owns it from here on, also if this throws. */
  Registration register(Interest interest) throws IOException {
    return loop.driver().register(fd, interest);
  }

  int bind(RawAddress address) {
    return withName((number, scratch) -> kernel.bind(number, scratch.name().address(), address.write(scratch.name())));
  }

  int connect(RawAddress address) {
    return withName(
        (number, scratch) -> kernel.connect(number, scratch.name().address(), address.write(scratch.name())));
  }

  int listen(int backlog) {
    return withName((number, _) -> kernel.listen(number, backlog));
  }

  /** Has the kernel run {@code filter} on each packet that comes for the socket. */
  int attach(SocketFilter filter) {
    return withName((number, _) -> kernel.setsockopt(number, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER,
        filter.address(), SocketFilter.SIZE));
  }

  int shutdown(int how) {
    return withName((number, _) -> kernel.shutdown(number, how));
  }

  /** getsockname(2). */
  RawAddress localName() throws IOException {
    return name("getsockname",
        (number, scratch) -> kernel.getsockname(number, scratch.name().address(),
            scratch.lengthAddress(Scratch.NAME_SIZE)));
  }

  /** getpeername(2). */
  RawAddress peerName() throws IOException {
    return name("getpeername",
        (number, scratch) -> kernel.getpeername(number, scratch.name().address(),
            scratch.lengthAddress(Scratch.NAME_SIZE)));
  }

  /** Whether there is a peer: false while a connect is under way. */
  boolean hasPeer() {
    return withName((number, scratch) -> kernel.getpeername(number, scratch.name().address(),
        scratch.lengthAddress(Scratch.NAME_SIZE))) >= 0;
  }

  private RawAddress name(String call, Call query) throws IOException {
    RawAddress[] name = new RawAddress[1];
    int result = withName((number, scratch) -> {
      int r = query.make(number, scratch);
      if (r >= 0) {
        name[0] = RawAddress.read(scratch.name());
      }
      return r;
    });
    throwIfFailed(call, result);
    return name[0];
  }

  /** An option whose value is an int. */
  int option(Option option) throws IOException {
    return options(option, 1)[0];
  }

  /** An option whose value is {@code count} ints. */
  int[] options(Option option, int count) throws IOException {
    int[] values = new int[count];
    int result = withName((number, scratch) -> {
      int r = kernel.getsockopt(number, option.level, option.number, scratch.name().address(),
          scratch.lengthAddress(count * Integer.BYTES));
      MemorySegment.copy(scratch.name(), ValueLayout.JAVA_INT, 0, values, 0, count);
      return r;
    });
    throwIfFailed("getsockopt(" + option + ")", result);
    return values;
  }

  /** Sets an option; its value is one int or several. */
  void setOption(Option option, int... values) throws IOException {
    int result = withName((number, scratch) -> {
      MemorySegment.copy(values, 0, scratch.name(), ValueLayout.JAVA_INT, 0, values.length);
      return kernel.setsockopt(number, option.level, option.number, scratch.name().address(),
          values.length * Integer.BYTES);
    });
    throwIfFailed("setsockopt(" + option + ")", result);
  }

  private void throwIfFailed(String call, int result) throws IOException {
    if (result < 0) {
      throw fd.isOpen() ? Errno.toIOException(call, -result) : ClosedChannel.exception(fd);
    }
  }

  /** Runs {@code call} with the number kept and scratch memory at hand. */
  private int withName(Call call) {
    if (!fd.acquire()) {
      return -Errno.EBADF;
    }
    try {
      Scratch scratch = scratches.take();
      try {
        return call.make(fd.number(), scratch);
      } finally {
        scratches.give(scratch);
      }
    } finally {
      fd.release();
    }
  }

  private interface Call {
    int make(int number, Scratch scratch);
  }

  /** The options that this package uses. */
  enum Option {
    SO_ERROR(Sockets.SOL_SOCKET, Sockets.SO_ERROR), //
    SO_TYPE(Sockets.SOL_SOCKET, Sockets.SO_TYPE), //
    SO_DOMAIN(Sockets.SOL_SOCKET, Sockets.SO_DOMAIN), //
    SO_ACCEPTCONN(Sockets.SOL_SOCKET, Sockets.SO_ACCEPTCONN), //
    SO_REUSEADDR(Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR), //
    SO_REUSEPORT(Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT), //
    SO_KEEPALIVE(Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE), //
    SO_LINGER(Sockets.SOL_SOCKET, Sockets.SO_LINGER), //
    SO_SNDBUF(Sockets.SOL_SOCKET, Sockets.SO_SNDBUF), //
    SO_RCVBUF(Sockets.SOL_SOCKET, Sockets.SO_RCVBUF), //
    IPV6_V6ONLY(Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY), //
    TCP_NODELAY(Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY), //
    TCP_KEEPIDLE(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE), //
    TCP_KEEPINTVL(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL), //
    TCP_KEEPCNT(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT);

    final int level;
    final int number;

    Option(int level, int number) {
      this.level = level;
      this.number = number;
    }
  }
}
