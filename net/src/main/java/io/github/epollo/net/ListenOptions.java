package io.github.epollo.net;

import io.github.epollo.runtime.kernel.Sockets;

/**
 * How a listener is set up, before it is bound. Immutable: each {@code with...} returns a changed copy of {@link #defaults()}.
 */
public final class ListenOptions {
  private static final ListenOptions DEFAULTS = new ListenOptions(Sockets.SOMAXCONN, true, false, 0);

  private final int backlog;
  private final boolean reuseAddress;
  private final boolean reusePort;
  private final int receiveBufferSize;

  private ListenOptions(int backlog, boolean reuseAddress, boolean reusePort, int receiveBufferSize) {
    this.backlog = backlog;
    this.reuseAddress = reuseAddress;
    this.reusePort = reusePort;
    this.receiveBufferSize = receiveBufferSize;
  }

  /** A backlog of 4096, reuse of the address, no sharing of the port. */
  public static ListenOptions defaults() {
    return DEFAULTS;
  }

  /**
   * How many connections may wait to be accepted. The machine may allow less: {@code net.core.somaxconn}.
   *
   * @throws IllegalArgumentException unless positive
   */
  public ListenOptions withBacklog(int backlog) {
    return new ListenOptions(requirePositive("backlog", backlog), reuseAddress, reusePort, receiveBufferSize);
  }

  /** Whether to bind although old connections of the port are in TIME_WAIT; true by default, so that a server can be restarted. */
  public ListenOptions withReuseAddress(boolean reuseAddress) {
    return new ListenOptions(backlog, reuseAddress, reusePort, receiveBufferSize);
  }

  /** Whether several listeners, each with this option, may share the port; the kernel spreads the connections over them. */
  public ListenOptions withReusePort(boolean reusePort) {
    return new ListenOptions(backlog, reuseAddress, reusePort, receiveBufferSize);
  }

  /**
   * The receive buffer of the accepted connections, in bytes; the kernel doubles it. Set here, it also counts for the window that TCP announces.
   *
   * @throws IllegalArgumentException unless positive
   */
  public ListenOptions withReceiveBufferSize(int receiveBufferSize) {
    return new ListenOptions(backlog, reuseAddress, reusePort,
        requirePositive("receive buffer size", receiveBufferSize));
  }

  static int requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
    return value;
  }

  int backlog() {
    return backlog;
  }

  boolean reuseAddress() {
    return reuseAddress;
  }

  boolean reusePort() {
    return reusePort;
  }

  /** 0 if it was not set. */
  int receiveBufferSize() {
    return receiveBufferSize;
  }

  @Override
  public String toString() {
    return "ListenOptions[backlog=" + backlog + ", reuseAddress=" + reuseAddress + ", reusePort=" + reusePort
        + (receiveBufferSize == 0 ? "" : ", receiveBufferSize=" + receiveBufferSize) + "]";
  }
}
