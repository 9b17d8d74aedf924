package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, with Linux's states. What it tells the other end travels over the links, in order; nothing is ever lost, so nothing is sent twice.
 *
 * <p>The sender may have as much under way as the receiver has room for ({@code credit}); what is acknowledged leaves the send buffer.
 */
final class Tcp {
  /*
   *   CLOSE       -> LISTEN, SYN_SENT           // listen, connect
   *   SYN_SENT    -> ESTABLISHED                // the other end accepted
   *   SYN_RECV    -> ESTABLISHED                // it knows: the connection goes into the accept queue
   *   ESTABLISHED -> FIN_WAIT1, CLOSE_WAIT      // this end, the other end has sent all it will
   *   FIN_WAIT1   -> FIN_WAIT2, CLOSING         // the other end has seen that; has ended, too
   *   CLOSE_WAIT  -> LAST_ACK                   // this end has ended, too
   *   FIN_WAIT2, CLOSING, LAST_ACK -> CLOSE     // both ends know of both ends
   *   any         -> CLOSE                      // reset, by either end
   */
  enum State {
    CLOSE, LISTEN, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, CLOSING, LAST_ACK
  }

  static final int RECEIVE = 1;
  static final int SEND = 2;

  private static final int DEFAULT_SEND_ROOM = 256 * 1024;

  private final SimSocket socket;
  private State state = State.CLOSE;
  private int shutdown;
  private int error; // SO_ERROR
  private boolean ended; // the other end's last byte was received: reading gives the end of the stream before any error
  private boolean abandoned; // no fd is left
  private SimAddress remote;

  private @Nullable Tcp peer;
  private long incarnation; // tells late messages for an older connection of this socket
  private final ByteQueue received = new ByteQueue();
  private final Outgoing outgoing = new Outgoing();

  Tcp(SimSocket socket) {
    this.socket = socket;
    this.remote = SimAddress.any(socket.family());
  }

  State state() {
    return state;
  }

  SimAddress remote() {
    return remote;
  }

  boolean hasPeer() {
    return remote.port() != 0 && state != State.CLOSE && state != State.SYN_SENT;
  }

  /** Whether a connection holds its pair of addresses. */
  boolean isUnderWay() {
    return state != State.CLOSE && state != State.LISTEN;
  }

  int takeError() {
    int e = error;
    error = 0;
    return e;
  }

  void listen() {
    state = State.LISTEN;
  }

  // ---- epoll: tcp_poll() of Linux

  int poll() {
    int mask = 0;
    if (shutdown == (RECEIVE | SEND) || state == State.CLOSE) {
      mask |= Epoll.HUP;
    }
    if ((shutdown & RECEIVE) != 0) {
      mask |= Epoll.IN | Epoll.RDHUP;
    }
    if (state != State.SYN_SENT && state != State.SYN_RECV) {
      if (!received.isEmpty()) {
        mask |= Epoll.IN;
      }
      if ((shutdown & SEND) != 0 || outgoing.pollWritable(sendRoom())) {
        mask |= Epoll.OUT;
      }
    }
    return error != 0 ? mask | Epoll.ERR : mask;
  }

  private int sendRoom() {
    int set = socket.sendBuffer();
    return set == 0 ? DEFAULT_SEND_ROOM : set / 2; // Linux doubles what is set, for its own needs
  }

  // ---- connecting

  void connectTo(SimAddress to) {
    remote = to;
    state = State.SYN_SENT;
    incarnation++;
    received.clear();
    outgoing.clear();
  }

  long incarnation() {
    return incarnation;
  }

  /** A connection came in, for a listener. */
  void accepting(Tcp listener, Tcp from, SimAddress at) {
    connectTo(at);
    shutdown = listener.shutdown; // if that was shut down before it listened: Linux copies the socket
    state = State.SYN_RECV;
    peer = from;
    outgoing.begin(from.socket.receiveRoom());
  }

  /** The other end has accepted. */
  void established(Tcp with) {
    peer = with;
    outgoing.begin(with.socket.receiveRoom());
    state = State.ESTABLISHED;
    socket.wake(0);
  }

  /** The other end knows that this one has accepted. */
  void confirmed() {
    if (state == State.SYN_RECV) {
      state = State.ESTABLISHED;
      if ((shutdown & SEND) != 0) {
        end();
      }
    }
  }

  /** A connection could not be made, or the other end has reset it. */
  void fail(int errno) {
    error = errno;
    outgoing.drop();
    done();
    tellWatchers(Epoll.ERR);
  }

  // ---- calls

  long send(UserMemory source, boolean dontWait) {
    if (state != State.ESTABLISHED && state != State.CLOSE_WAIT) {
      if (error != 0) {
        return -takeError();
      }
      return state == State.SYN_SENT || state == State.SYN_RECV ? socket.wouldBlock(dontWait) : -Errno.EPIPE;
    }
    if (error != 0 || (shutdown & SEND) != 0) {
      return error != 0 ? -takeError() : -Errno.EPIPE;
    }
    int count = outgoing.add(source, sendRoom());
    if (count == 0 && source.length() > 0) {
      return socket.wouldBlock(dontWait);
    }
    transmit();
    return count;
  }

  long receive(UserMemory target, boolean peek, boolean dontWait) {
    if (state == State.LISTEN) {
      return -Errno.ENOTCONN;
    }
    if (received.isEmpty()) {
      if (ended) {
        return 0;
      }
      if (error != 0) {
        return -takeError();
      }
      if ((shutdown & RECEIVE) != 0) {
        return 0;
      }
      return state == State.CLOSE ? -Errno.ENOTCONN : socket.wouldBlock(dontWait);
    }
    int count = (int) Math.min(target.length(), received.size());
    target.write(peek ? received.peek(count) : received.take(count));
    if (!peek) {
      tell(p -> p.onWindow(count));
    }
    return count;
  }

  int shutdown(int how) {
    int result = state == State.CLOSE ? -Errno.ENOTCONN : 0;
    if (state == State.SYN_SENT || (state == State.LISTEN && (how & RECEIVE) != 0)) {
      disconnect();
    } else if (state != State.LISTEN) {
      shutdown |= how;
      if ((how & SEND) != 0) {
        end();
        socket.host().world().links().deliver(); // the other end's watchers are told first, as on Linux
      }
    }
    socket.wake(0);
    return result;
  }

  /** This end has no more to send. */
  private void end() {
    switch (state) {
      case ESTABLISHED, SYN_RECV -> state = State.FIN_WAIT1;
      case CLOSE_WAIT -> state = State.LAST_ACK;
      case SYN_SENT -> state = State.CLOSE;
      default -> {
        return;
      }
    }
    if (state != State.CLOSE) {
      outgoing.end();
      transmit();
    }
  }

  /** Back to a socket without a connection; the other end is reset. */
  void disconnect() {
    State before = state;
    state = State.CLOSE;
    if (before == State.LISTEN) {
      socket.stopListening();
    } else if (mayReset(before)) {
      tell(Tcp::onReset);
      error = Errno.ECONNRESET;
    } else if (before == State.SYN_SENT) {
      error = Errno.ECONNRESET;
    }
    forgetConnection(before != State.CLOSE); // Linux gives the port up when the state changes to CLOSE, not when it is that already
    tellWatchers(Epoll.ERR);
  }

  private void forgetConnection(boolean withPort) {
    incarnation++;
    peer = null;
    remote = SimAddress.any(socket.family());
    shutdown = 0;
    ended = false;
    received.clear();
    outgoing.clear();
    socket.name().release(withPort);
  }

  private static boolean mayReset(State state) {
    return switch (state) {
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2, SYN_RECV -> true;
      default -> false;
    };
  }

  /** The last fd was closed. What was sent is still delivered; unread data, or a linger time of zero, resets the connection. */
  void abandon(boolean lingerZero) {
    abandoned = true;
    boolean unread = !received.isEmpty();
    received.clear();
    shutdown = RECEIVE | SEND;
    if (state == State.LISTEN) {
      state = State.CLOSE;
      socket.stopListening();
    } else if (state != State.CLOSE && (unread || (lingerZero && mayReset(state)))) {
      state = State.CLOSE;
      tell(Tcp::onReset);
    } else {
      end();
    }
    if (state == State.CLOSE) {
      socket.name().releaseAll();
    }
  }

  // ---- what the other end tells

  private void transmit() {
    byte[] bytes = outgoing.next();
    if (bytes.length > 0) {
      tell(p -> p.onData(bytes));
    }
    if (outgoing.takeEnd()) {
      tell(Tcp::onFin);
    }
  }

  private void tell(Consumer<Tcp> message) {
    Tcp to = peer;
    if (to == null) {
      return;
    }
    long mine = incarnation;
    long theirs = to.incarnation;
    socket.host().world().links().send(socket.host(), to.socket.host(), () -> {
      if (to.incarnation == theirs && (to.peer == this || to.peer == null) && incarnation >= mine) {
        message.accept(to);
      }
    });
  }

  private void onData(byte[] bytes) {
    boolean refused = (shutdown & RECEIVE) != 0
        && (state == State.FIN_WAIT1 || state == State.FIN_WAIT2 || state == State.CLOSING);
    if (state == State.CLOSE || refused) {
      tell(Tcp::onReset);
      if (refused) {
        reset();
      }
      return;
    }
    received.add(bytes);
    tell(p -> p.onAcknowledged(bytes.length));
    tellWatchers(Epoll.IN | Epoll.PRI);
  }

  private void onAcknowledged(int count) {
    if (outgoing.acknowledged(count, sendRoom())) {
      tellWatchers(Epoll.OUT);
    }
  }

  private void onWindow(int count) {
    outgoing.grant(count);
    transmit();
  }

  private void onFin() {
    if (state == State.CLOSE) {
      return;
    }
    shutdown |= RECEIVE;
    ended = true;
    tell(Tcp::onFinAcknowledged);
    switch (state) {
      case ESTABLISHED, SYN_RECV -> state = State.CLOSE_WAIT;
      case FIN_WAIT1 -> state = State.CLOSING;
      case FIN_WAIT2 -> {
        socket.name().keepPortFromReuse();
        done();
        return;
      }
      default -> {}
    }
    tellWatchers(0);
  }

  private void onFinAcknowledged() {
    switch (state) {
      case FIN_WAIT1 -> {
        state = State.FIN_WAIT2;
        shutdown |= SEND;
        tellWatchers(0);
      }
      case CLOSING -> {
        socket.name().keepPortFromReuse();
        done();
      }
      case LAST_ACK -> done();
      default -> {}
    }
  }

  void onReset() {
    if (state != State.CLOSE) {
      reset();
    }
  }

  /** Something between the two ends resets the connection: each learns of it now. */
  void resetBothEnds() {
    Tcp other = peer;
    onReset();
    if (other != null && other != this) {
      other.onReset();
    }
  }

  private void reset() {
    fail(state == State.SYN_SENT
        ? Errno.ECONNREFUSED
        : state == State.CLOSE_WAIT ? Errno.EPIPE : Errno.ECONNRESET);
  }

  private void done() {
    state = State.CLOSE;
    shutdown = RECEIVE | SEND;
    if (abandoned) {
      socket.name().releaseAll();
    } else {
      socket.name().releasePort();
      socket.wake(0);
    }
  }

  private void tellWatchers(int key) {
    if (!abandoned) {
      socket.wake(key);
    }
  }

  /** The other end's host, or null. */
  @Nullable
  SimHost peerHost() {
    Tcp p = peer;
    return p == null ? null : p.socket.host();
  }

  @Override
  public String toString() {
    return socket.local() + " -> " + remote + " (" + state + ")";
  }
}
