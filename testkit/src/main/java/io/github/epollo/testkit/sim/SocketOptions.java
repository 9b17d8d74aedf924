package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.kernel.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The options of a socket that are only kept: what is set comes back, by Linux's rules. */
final class SocketOptions {
  static final int SO_PROTOCOL = 38;

  private static final int MIN_SEND = 4608;
  private static final int MIN_RECEIVE = 2304;
  private static final int MAX_BUFFER = 212992; // net.core.wmem_max, rmem_max
  private static final int DEFAULT_SEND = 16384;
  private static final int DEFAULT_RECEIVE = 131072;

  private record Option(int level, int number) {}

  private final Map<Option, Integer> values = new HashMap<>(); // never iterated
  private int lingerSeconds;
  private boolean sendBufferSet;

  SocketOptions() {
    put(Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, DEFAULT_SEND);
    put(Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, DEFAULT_RECEIVE);
    for (int number : new int[]{Sockets.SO_REUSEADDR, Sockets.SO_REUSEPORT, Sockets.SO_KEEPALIVE, Sockets.SO_BROADCAST,
      Sockets.SO_LINGER}) {
      put(Sockets.SOL_SOCKET, number, 0);
    }
    for (int number : new int[]{Sockets.TCP_NODELAY, Sockets.TCP_CORK, Sockets.TCP_USER_TIMEOUT,
      Sockets.TCP_FASTOPEN}) {
      put(Sockets.IPPROTO_TCP, number, 0);
    }
    put(Sockets.IPPROTO_TCP, Sockets.TCP_QUICKACK, 1);
    put(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, 7200);
    put(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, 75);
    put(Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT, 9);
    put(Sockets.IPPROTO_IP, Sockets.IP_TOS, 0);
    put(Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 0);
    put(Sockets.IPPROTO_IPV6, Sockets.IPV6_TCLASS, 0);
  }

  /** What an accepted connection takes over from its listener. */
  SocketOptions copy() {
    SocketOptions copy = new SocketOptions();
    copy.values.putAll(values);
    copy.lingerSeconds = lingerSeconds;
    copy.sendBufferSet = sendBufferSet;
    return copy;
  }

  private void put(int level, int number, int value) {
    Integer _ = values.put(new Option(level, number), value);
  }

  int get(int level, int number) {
    return values.getOrDefault(new Option(level, number), 0);
  }

  boolean isOn(int number) {
    return get(Sockets.SOL_SOCKET, number) != 0;
  }

  /** Whether close(2) resets the connection. */
  boolean isLingerZero() {
    return isOn(Sockets.SO_LINGER) && lingerSeconds == 0;
  }

  /** Whether the send buffer has a fixed size; else Linux lets it grow with the connection. */
  boolean isSendBufferSet() {
    return sendBufferSet;
  }

  boolean isV6Only() {
    return get(Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY) != 0;
  }

  /** setsockopt(2). */
  int set(int family, boolean bound, int level, int number, long address, int length) {
    if (!knows(family, level, number)) {
      return -Errno.ENOPROTOOPT;
    }
    if (length < Integer.BYTES) {
      return -Errno.EINVAL;
    }
    int value = NativeMemory.getInt(address);
    if (level == Sockets.IPPROTO_TCP) {
      return setTcp(number, value);
    }
    if (level != Sockets.SOL_SOCKET) {
      if (number == Sockets.IPV6_V6ONLY && level == Sockets.IPPROTO_IPV6) {
        if (bound) {
          return -Errno.EINVAL;
        }
        value = value != 0 ? 1 : 0;
      }
      put(level, number, value);
      return 0;
    }
    switch (number) {
      case Sockets.SO_SNDBUF -> {
        put(level, number, Math.max(2 * Math.min(value, MAX_BUFFER), MIN_SEND));
        sendBufferSet = true;
      }
      case Sockets.SO_RCVBUF -> put(level, number, Math.max(2 * Math.min(value, MAX_BUFFER), MIN_RECEIVE));
      case Sockets.SO_LINGER -> {
        if (length < 2 * Integer.BYTES) {
          return -Errno.EINVAL;
        }
        put(level, number, value != 0 ? 1 : 0);
        lingerSeconds = value != 0 ? NativeMemory.getInt(address + Integer.BYTES) : lingerSeconds;
      }
      default -> put(level, number, value != 0 ? 1 : 0);
    }
    return 0;
  }

  private int setTcp(int number, int value) {
    boolean valid = switch (number) {
      case Sockets.TCP_KEEPIDLE, Sockets.TCP_KEEPINTVL -> value >= 1 && value <= 32767;
      case Sockets.TCP_KEEPCNT -> value >= 1 && value <= 127;
      case Sockets.TCP_USER_TIMEOUT -> value >= 0;
      default -> true;
    };
    if (!valid) {
      return -Errno.EINVAL;
    }
    boolean number01 = number == Sockets.TCP_NODELAY || number == Sockets.TCP_CORK || number == Sockets.TCP_QUICKACK;
    put(Sockets.IPPROTO_TCP, number, number01 ? (value != 0 ? 1 : 0) : value);
    return 0;
  }

  private boolean knows(int family, int level, int number) {
    return values.containsKey(new Option(level, number))
        && (level != Sockets.IPPROTO_IPV6 || family == Sockets.AF_INET6);
  }

  /** getsockopt(2) of an option that is kept here. */
  int get(int family, int level, int number, long address, long lengthAddress) {
    if (!knows(family, level, number)) {
      return -Errno.ENOPROTOOPT;
    }
    if (level == Sockets.SOL_SOCKET && number == Sockets.SO_LINGER) {
      return answer(address, lengthAddress, get(level, number), lingerSeconds);
    }
    return answer(address, lengthAddress, get(level, number));
  }

  /** Writes the value as far as there is room, and its length. */
  static int answer(long address, long lengthAddress, int... value) {
    int room = NativeMemory.getInt(lengthAddress);
    if (room < 0) {
      return -Errno.EINVAL;
    }
    ByteBuffer bytes = ByteBuffer.allocate(value.length * Integer.BYTES)
        .order(ByteOrder.nativeOrder());
    for (int v : value) {
      bytes.putInt(v);
    }
    int length = Math.min(room, bytes.capacity());
    NativeMemory.write(address, bytes.array(), 0, length);
    NativeMemory.putInt(lengthAddress, length);
    return 0;
  }
}
