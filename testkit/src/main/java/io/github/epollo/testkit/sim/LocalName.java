package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;

/** The address and the port of a socket, and how long it keeps them: what it was bound to until it is closed, what it was given for a connection as long as that lasts. */
final class LocalName {
  private final SimSocket socket;
  private final Ports ports;
  private SimAddress address;
  private boolean hasPort; // is known to the host's ports
  private boolean keepsPort;
  private boolean keepsAddress;

  LocalName(SimSocket socket) {
    this.socket = socket;
    this.ports = socket.host().ports();
    this.address = SimAddress.any(socket.family());
  }

  SimAddress address() {
    return address;
  }

  boolean hasPort() {
    return hasPort;
  }

  /** bind(2), once the name is known to be one that the socket may have. */
  int bind(SimAddress wanted) {
    int result = takePort(wanted);
    if (result < 0) {
      forgetAddress(); // as Linux leaves it
      return result;
    }
    keepsPort = wanted.port() != 0;
    keepsAddress = !wanted.isAny();
    return 0;
  }

  /** Takes the port that is named, or any if that is 0. */
  int takePort(SimAddress wanted) {
    int port = wanted.port() == 0 ? ports.ephemeral() : wanted.port();
    if (port < 0) {
      return port;
    }
    if (!ports.isFree(socket, wanted.withPort(port))) {
      return -Errno.EADDRINUSE;
    }
    register(wanted.withPort(port));
    return 0;
  }

  /** Completes the name for a connection from {@code source} to {@code target}. */
  int connect(SimAddress source, SimAddress target) {
    if (hasPort) {
      if (ports.connection(source, target) != null) {
        return -Errno.EADDRNOTAVAIL;
      }
      address = source;
      return 0;
    }
    int port = ports.ephemeral();
    if (port < 0) {
      return -Errno.EADDRNOTAVAIL;
    }
    register(source.withPort(port));
    return 0;
  }

  /** Of a connection that {@code listener} took: shares its port. */
  void inherit(LocalName listener, SimAddress name) {
    keepsAddress = listener.keepsAddress;
    register(name);
  }

  private void register(SimAddress name) {
    address = name;
    hasPort = true;
    ports.add(socket);
  }

  /** The connection has ended: a port that the socket was not bound to goes with it. */
  void releasePort() {
    if (hasPort && !keepsPort) {
      hasPort = false;
      ports.remove(socket);
    }
  }

  /** The connection is forgotten: so is an address that the socket was not bound to. */
  void release(boolean withPort) {
    if (!keepsAddress) {
      forgetAddress();
    }
    if (withPort) {
      releasePort();
    }
  }

  private void forgetAddress() {
    address = SimAddress.any(socket.family()).withPort(address.port());
  }

  /** The socket is closed. */
  void releaseAll() {
    keepsPort = false;
    releasePort();
  }

  void keepPortFromReuse() {
    ports.keepFromReuse(socket, address);
  }
}
