package io.github.epollo.net;

import io.github.epollo.net.SocketHandle.Option;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Makes listeners and streams of sockets that exist already. */
final class Adoption {
  private Adoption() {}

  static TcpStream stream(Loop loop, int number) throws IOException {
    return stream(check(loop, number, false));
  }

  static TcpListener listener(Loop loop, int number) throws IOException {
    AcceptBackoff backoff = AcceptBackoff.of(loop);
    return listener(check(loop, number, true), backoff);
  }

  static TcpStream stream(Loop loop, SocketChannel channel) throws IOException {
    if (channel.isOpen() && !channel.isConnected()) {
      throw new IllegalArgumentException("cannot take over " + channel + ": it is not connected");
    }
    SocketHandle socket = checkedDuplicate(loop, channel, false);
    boolean done = false;
    try {
      TcpStream stream = stream(socket);
      channel.close();
      done = true;
      return stream;
    } finally {
      if (!done) {
        socket.fd().close();
      }
    }
  }

  static TcpListener listener(Loop loop, ServerSocketChannel channel) throws IOException {
    AcceptBackoff backoff = AcceptBackoff.of(loop);
    if (channel.isOpen() && channel.getLocalAddress() == null) {
      throw new IllegalArgumentException("cannot take over " + channel + ": it is not bound");
    }
    SocketHandle socket = checkedDuplicate(loop, channel, true);
    boolean done = false;
    try {
      TcpListener listener = listener(socket, backoff);
      channel.close();
      done = true;
      return listener;
    } finally {
      if (!done) {
        socket.fd().close();
      }
    }
  }

  private static TcpStream stream(SocketHandle socket) throws IOException {
    RawAddress remote = socket.peerName();
    prepare(socket.kernel(), socket.fd().number());
    return new TcpStream(socket, socket.register(Interest.READ_WRITE), remote, null);
  }

  private static TcpListener listener(SocketHandle socket, AcceptBackoff backoff) throws IOException {
    RawAddress local = socket.localName();
    prepare(socket.kernel(), socket.fd().number());
    return new TcpListener(socket, socket.register(Interest.READ), backoff, local);
  }

  private static SocketHandle check(Loop loop, int number, boolean listening) throws IOException {
    String wanted = listening ? "a listening TCP socket" : "a connected TCP socket";
    if (number < 0) {
      throw new IllegalArgumentException("not " + wanted + ": fd " + number);
    }
    SocketHandle socket = SocketHandle.of(loop, number);
    try {
      int domain = socket.option(Option.SO_DOMAIN);
      if (socket.option(Option.SO_TYPE) != Sockets.SOCK_STREAM
          || (domain != Sockets.AF_INET && domain != Sockets.AF_INET6)
          || (socket.option(Option.SO_ACCEPTCONN) != 0) != listening
          || (!listening && !socket.hasPeer())) {
        throw new IllegalArgumentException("not " + wanted + ": fd " + number);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not " + wanted + ": fd " + number + " (" + e.getMessage() + ")", e);
    }
    return socket;
  }

  /** What a socket of our own has from its creation. */
  private static void prepare(Kernel kernel, int number) throws IOException {
    int flags = kernel.fcntl(number, FileFlags.F_GETFL, 0);
    int result = flags < 0 ? flags : kernel.fcntl(number, FileFlags.F_SETFL, flags | FileFlags.O_NONBLOCK);
    if (result >= 0) {
      result = kernel.fcntl(number, FileFlags.F_SETFD, FileFlags.FD_CLOEXEC);
    }
    if (result < 0) {
      throw Errno.toIOException("fcntl", "fd " + number, -result);
    }
  }

  private static SocketHandle checkedDuplicate(Loop loop, SelectableChannel channel, boolean listening)
      throws IOException {
    int number = duplicate(loop, channel);
    boolean done = false;
    try {
      SocketHandle socket = check(loop, number, listening);
      done = true;
      return socket;
    } finally {
      if (!done) {
        loop.kernel().close(number); // a socket of another kind, AF_UNIX for one
      }
    }
  }

  private static int duplicate(Loop loop, SelectableChannel channel) throws IOException {
    if (!channel.isOpen()) {
      throw new IllegalArgumentException("cannot take over " + channel + ": it is closed");
    }
    if (channel.isRegistered()) {
      throw new IllegalArgumentException(
          "cannot take over " + channel + ": it is registered with a selector; cancel its keys and select once");
    }
    int number = loop.kernel().fcntl(number(channel), FileFlags.F_DUPFD_CLOEXEC, 0);
    if (number < 0) {
      throw Errno.toIOException("fcntl", "F_DUPFD_CLOEXEC of " + channel, -number);
    }
    return number;
  }

  /** The fd of a channel of the JDK, which only its package-private classes tell. */
  private static int number(Channel channel) {
    try {
      Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl");
      if (!selectable.isInstance(channel)) {
        throw new IllegalArgumentException("cannot take over " + channel + ": it is no channel of this JDK");
      }
      return (int) selectable.getMethod("getFDVal").invoke(channel);
    } catch (IllegalAccessException e) {
      throw missingFlag(channel, e);
    } catch (ClassNotFoundException | NoSuchMethodException | InvocationTargetException e) {
      throw new IllegalStateException("cannot take over " + channel + ": this JDK's channels are built differently", e);
    }
  }

  private static IllegalStateException missingFlag(Object channel, @Nullable Throwable cause) {
    Module module = Adoption.class.getModule();
    return new IllegalStateException("cannot take over " + channel
        + ": the JDK hides its file descriptor; start the JVM with --add-opens java.base/sun.nio.ch="
        + (module.isNamed() ? module.getName() : "ALL-UNNAMED"), cause);
  }
}
