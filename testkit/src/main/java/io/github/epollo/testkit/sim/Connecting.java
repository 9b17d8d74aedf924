package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;
import org.jspecify.annotations.Nullable;

/** The handshake: asks the other host, again if that has no room, until it answers or 127 s have passed. */
final class Connecting {
  private static final long SECOND = 1_000_000_000L;
  private static final long TIMEOUT = 127 * SECOND; // the SYN and net.ipv4.tcp_syn_retries = 6 more of them: 1 + 2 + 4 ... + 64

  private final SimSocket socket;
  private final long incarnation;
  private final Agenda.Entry timeout;
  private long retry = SECOND;

  Connecting(SimSocket socket) {
    this.socket = socket;
    this.incarnation = socket.tcp().incarnation();
    SimWorld world = socket.host().world();
    this.timeout = world.agenda().plan(world.clock().now() + TIMEOUT,
        "the end of a connect to " + socket.tcp().remote(),
        this::timeOut);
  }

  private boolean isOver() {
    return socket.tcp().state() != Tcp.State.SYN_SENT || socket.tcp().incarnation() != incarnation;
  }

  private void timeOut() {
    if (!isOver()) {
      socket.tcp().fail(Errno.ETIMEDOUT);
    }
  }

  /** Sends the request; does nothing once the connect is over. */
  void ask() {
    if (isOver()) {
      timeout.cancel();
      return;
    }
    SimHost from = socket.host();
    SimHost to = from.reach(socket.tcp().remote());
    if (to != null) {
      from.world().links().send(from, to, () -> arrive(to));
    }
  }

  private void arrive(SimHost to) {
    if (isOver()) {
      timeout.cancel();
      return;
    }
    SimAddress target = socket.tcp().remote();
    SimSocket same = to.ports().connection(target, socket.local());
    if (same != null && same.tcp().state() == Tcp.State.SYN_SENT) { // both ends connect to one another, or it is one socket: RFC 9293, simultaneous open
      meet(to, same);
      return;
    }
    SimSocket listener = to.ports().listener(target);
    if (listener == null) {
      answer(to, () -> socket.tcp().onReset());
    } else if (!listener.listening().hears()) {
      SimWorld world = to.world();
      Agenda.Entry _ = world.agenda().plan(world.clock().now() + retry, "another try to connect to " + target,
          this::ask);
      retry *= 2;
    } else {
      accept(to, listener);
    }
  }

  private void meet(SimHost to, SimSocket other) {
    if (other != socket) {
      other.tcp().established(socket.tcp());
    }
    answer(to, () -> socket.tcp().established(other.tcp()));
  }

  private void accept(SimHost to, SimSocket listener) {
    SimSocket child = listener.child(socket.tcp().remote());
    child.tcp().accepting(listener.tcp(), socket.tcp(), socket.local());
    answer(to, () -> {
      socket.tcp().established(child.tcp());
      socket.host().world().links().send(socket.host(), to, () -> confirm(listener, child));
    }, child);
  }

  private static void confirm(SimSocket listener, SimSocket child) {
    child.tcp().confirmed();
    if (listener.isListening()) {
      listener.listening().add(child);
    } else {
      child.discard();
    }
  }

  private void answer(SimHost to, Runnable answer) {
    answer(to, answer, null);
  }

  private void answer(SimHost to, Runnable answer, @Nullable SimSocket child) {
    to.world().links().send(to, socket.host(), () -> {
      timeout.cancel();
      if (!isOver()) {
        answer.run();
      } else if (child != null) { // the socket was closed meanwhile: what comes for it is reset
        socket.host().world().links().send(socket.host(), to, child.tcp()::onReset);
        socket.host().world().links().send(socket.host(), to, child::discard);
      }
    });
  }
}
