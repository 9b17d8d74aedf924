package io.github.epollo.net;

import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP port at which each loop of a runtime accepts for itself: one listener for each, from {@link TcpListener#bindPerLoop}. A connection then stays on one thread from its first byte to
 * its last.
 *
 * {@snippet file="io/github/epollo/net/SnippetsTest.java" region="perLoop"}
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class PerLoopListener implements Channel {
  private final List<TcpListener> listeners;
  private final InetSocketAddress local;

  private PerLoopListener(List<TcpListener> listeners) throws IOException {
    this.listeners = List.copyOf(listeners);
    this.local = listeners.getFirst().localAddress();
  }

  /** Binds one listener for each of {@code loops}, all or none. */
  static PerLoopListener bind(LoopGroup loops, InetSocketAddress address, ListenOptions options) throws IOException {
    List<TcpListener> listeners = new ArrayList<>();
    boolean done = false;
    try {
      InetSocketAddress shared = address;
      for (Loop loop : loops.loops()) {
        TcpListener listener = Binding.bind(loop, shared, options);
        listeners.add(listener);
        InetAddress host = address.getAddress(); // as it was given: the wildcard of both families has another name once it is bound
        shared = new InetSocketAddress(host, listener.localAddress().getPort()); // that the kernel chose for the first
      }
      PerLoopListener all = new PerLoopListener(listeners);
      done = true;
      return all;
    } finally {
      if (!done) {
        listeners.forEach(TcpListener::close);
      }
    }
  }

  /** The listeners, in the order of their loops. */
  public List<TcpListener> listeners() {
    return listeners;
  }

  /** The address that all of them listen at, with the port that the kernel chose if none was asked for. */
  public InetSocketAddress localAddress() {
    return local;
  }

  /** Whether one of the listeners is open. */
  @Override
  public boolean isOpen() {
    return listeners.stream().anyMatch(TcpListener::isOpen);
  }

  /** {@linkplain TcpListener#drain Drains} all listeners: those who accept get what has been queued, and then find them closed. Does not wait. */
  public void drain() {
    listeners.forEach(TcpListener::drain);
  }

  /** {@linkplain TcpListener#close Closes} all listeners. Idempotent; does not wait. */
  @Override
  public void close() {
    listeners.forEach(TcpListener::close);
  }

  @Override
  public String toString() {
    return "PerLoopListener" + listeners;
  }
}
