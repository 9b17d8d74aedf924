package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who has which TCP port of a host. */
final class Ports {
  private static final int FIRST_EPHEMERAL = 32768;
  private static final int LAST_EPHEMERAL = 60999;
  private static final long TIME_WAIT_NANOS = 60_000_000_000L;

  /** A closed connection whose port is kept for a while from those who do not share it, as the socket's options said when it closed. */
  private record TimeWait(SimAddress local, boolean reuseAddress, boolean reusePort, long until) {
    boolean keepsFrom(SimSocket socket, SimAddress wanted) {
      boolean mayShare = (socket.isReuseAddress() && reuseAddress) || (socket.isReusePort() && reusePort);
      return !mayShare && (local.isSameHost(wanted) || wanted.isAny());
    }
  }

  private final SimWorld world;
  private final TreeMap<Integer, List<SimSocket>> sockets = new TreeMap<>();
  private final TreeMap<Integer, List<TimeWait>> timeWaits = new TreeMap<>();
  private int nextEphemeral = FIRST_EPHEMERAL;

  Ports(SimWorld world) {
    this.world = world;
  }

  /** Whether {@code socket} may have {@code local}, or must answer EADDRINUSE. */
  boolean isFree(SimSocket socket, SimAddress local) {
    for (SimSocket other : at(local.port())) {
      if (other != socket && overlaps(socket, local, other, other.local()) && !mayShare(socket, other)) {
        return false;
      }
    }
    return timeWaits(local.port()).stream().noneMatch(wait -> wait.keepsFrom(socket, local));
  }

  private static boolean mayShare(SimSocket socket, SimSocket other) {
    return (socket.isReuseAddress() && other.isReuseAddress() && !other.isListening())
        || (socket.isReusePort() && other.isReusePort());
  }

  private static boolean overlaps(SimSocket a, SimAddress locally, SimSocket b, SimAddress there) {
    boolean v4 = a.takesV4(locally) && b.takesV4(there);
    boolean v6 = a.takesV6(locally) && b.takesV6(there);
    return (v4 || v6) && (locally.isAny() || there.isAny() || locally.isSameHost(there));
  }

  private List<SimSocket> at(int port) {
    return sockets.getOrDefault(port, List.of());
  }

  private List<TimeWait> timeWaits(int port) {
    List<TimeWait> waits = timeWaits.get(port);
    if (waits == null) {
      return List.of();
    }
    waits.removeIf(t -> t.until - world.clock().now() <= 0);
    if (waits.isEmpty()) {
      timeWaits.remove(port);
    }
    return waits;
  }

  /** A port nobody has, or {@code -EADDRINUSE}. */
  int ephemeral() {
    int candidate = nextUnused(true);
    return candidate < 0 ? nextUnused(false) : candidate;
  }

  private int nextUnused(boolean minded) {
    for (int i = FIRST_EPHEMERAL; i <= LAST_EPHEMERAL; i++) {
      int port = nextEphemeral;
      nextEphemeral = port == LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
      if (at(port).isEmpty() && (!minded || timeWaits(port).isEmpty())) {
        return port;
      }
    }
    return -Errno.EADDRINUSE;
  }

  void add(SimSocket socket) {
    sockets.computeIfAbsent(socket.local().port(), _ -> new ArrayList<>()).add(socket);
  }

  void remove(SimSocket socket) {
    int port = socket.local().port();
    List<SimSocket> list = sockets.get(port);
    if (list != null && list.remove(socket) && list.isEmpty()) {
      sockets.remove(port);
    }
  }

  void keepFromReuse(SimSocket socket, SimAddress local) {
    timeWaits.computeIfAbsent(local.port(), _ -> new ArrayList<>()).add(new TimeWait(local, socket.isReuseAddress(),
        socket.isReusePort(), world.clock().now() + TIME_WAIT_NANOS));
  }

  /** The connection between the two, or null. */
  @Nullable
  SimSocket connection(SimAddress local, SimAddress remote) {
    for (SimSocket socket : at(local.port())) {
      if (socket.tcp().isUnderWay() && socket.local().equals(local) && socket.tcp().remote().equals(remote)) {
        return socket;
      }
    }
    return null;
  }

  /** The listener that takes a connection to {@code local}, or null: an exact address wins; of several that share a port the world chooses. */
  @Nullable
  SimSocket listener(SimAddress local) {
    List<SimSocket> best = new ArrayList<>();
    int bestScore = 0;
    for (SimSocket socket : at(local.port())) {
      int score = socket.isListening() ? score(socket, local) : 0;
      if (score > bestScore) {
        best.clear();
        bestScore = score;
      }
      if (score > 0 && score == bestScore) {
        best.add(socket);
      }
    }
    return best.isEmpty() ? null : best.get(world.choose(best.size()));
  }

  private static int score(SimSocket socket, SimAddress local) {
    boolean takes = local.isV4() ? socket.takesV4(socket.local()) : socket.takesV6(socket.local());
    if (!takes) {
      return 0;
    }
    if (socket.local().isSameHost(local)) {
      return 3;
    }
    return !socket.local().isAny() ? 0 : socket.local().isV4() ? 2 : 1;
  }

  /** All sockets that have a port, by port and then by age. */
  List<SimSocket> all() {
    return sockets.values().stream().flatMap(List::stream).toList();
  }
}
