package io.github.epollo.net;

import io.github.epollo.net.SocketHandle.Option;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** A connect under way. Closing it closes the socket. */
final class Connecting extends AbstractFuture<TcpStream> {
  /*
   * A new registration claims to be writable, so that calls are tried; for a connect that says nothing. So "connected" is not "writable", but: no pending
   * error, and there is a peer (getpeername answers ENOTCONN before). If neither an error nor a peer is there, it is still under way.
   */
  private final RawAddress remote;
  private @Nullable SocketHandle handle;
  private @Nullable Registration registration; // set once connect(2) was called; handed to the stream at the end
  private @Nullable Waker stored;

  Connecting(RawAddress remote) {
    this.remote = remote;
  }

  @Override
  protected Poll<TcpStream> advance(Waker waker) throws IOException {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    SocketHandle socket = handle;
    Registration connecting = registration;
    if (socket == null || connecting == null) {
      socket = handle = SocketHandle.open(Loop.current(), remote.family());
      connecting = registration = begin(socket);
    } else if (connecting.isClosed()) {
      throw ClosedChannel.whileWaiting(this);
    }
    if (stored != null && stored != waker) {
      connecting.forget(Direction.WRITE, stored);
    }
    stored = waker;
    while (connecting.pollReady(Direction.WRITE, waker)) {
      int seen = connecting.readiness();
      int error = socket.option(Option.SO_ERROR);
      if (error != 0) {
        throw failed(error);
      }
      if (socket.hasPeer()) {
        return Poll.ready(finish(socket, connecting));
      }
      connecting.wouldBlock(Direction.WRITE, seen);
    }
    return Poll.pending();
  }

  private Registration begin(SocketHandle socket) throws IOException {
    int result = socket.connect(remote);
    if (result < 0 && result != -Errno.EINPROGRESS) {
      socket.fd().close();
      throw failed(-result);
    }
    return socket.register(Interest.READ_WRITE);
  }

  private TcpStream finish(SocketHandle socket, Registration connected) throws IOException {
    RawAddress local = socket.localName();
    // The kernel picked the very port that was asked for, and TCP connected it to itself (RFC 9293, simultaneous open).
    if (local.equals(socket.peerName())) {
      throw new ConnectException(Errno.toIOException("connect", remote.toString(), Errno.ECONNREFUSED).getMessage()
          + ": nobody listens there, and the socket was connected to itself");
    }
    registration = null;
    return new TcpStream(socket, connected, remote, local);
  }

  private IOException failed(int errno) {
    return Errno.toIOException("connect", remote.toString(), errno);
  }

  @Override
  protected void release() {
    Registration left = registration;
    if (left != null) {
      registration = null;
      if (stored != null) {
        left.forget(Direction.WRITE, stored);
      }
      left.close();
    }
  }

  @Override
  public String toString() {
    return "a connection to " + remote;
  }
}
