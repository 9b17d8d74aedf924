package io.github.epollo.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.github.epollo.runtime.kernel.Sockets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An Internet address and a port as the kernel has them, and the codec between that and Java's objects.
 *
 * <pre>
 *   struct sockaddr_in   0 family  2 port (big endian)  4 address                                       16 bytes
 *   struct sockaddr_in6  0 family  2 port (big endian)  4 flow information  8 address  24 scope id      28 bytes
 * </pre>
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:1.2.3.4}) is read as the IPv4 address that it stands for.
 *
 * @param v4 whether it is an IPv4 address; then only the low 32 bits of {@code low} count
 * @param high the first eight bytes of an IPv6 address
 * @param low the last eight bytes
 * @param port the port
 * @param scope the interface of a link-local address, or 0
 */
record RawAddress(boolean v4, long high, long low, int port, int scope) {
  private static final int LENGTH_V4 = 16;
  private static final int LENGTH_V6 = 28;

  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS_V4 = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong ADDRESS_V6 = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final long MAPPED = 0xffff_0000_0000L; // ::ffff:0:0, the upper half of the low word
  private static final long LOW_INT = 0xffff_ffffL;

  /** {@code [::]:port}, or {@code 0.0.0.0:port}. */
  static RawAddress wildcard(boolean v4, int port) {
    return new RawAddress(v4, 0, 0, port, 0);
  }

  /** Encodes a resolved address. */
  static RawAddress of(InetSocketAddress socketAddress) {
    InetAddress address = socketAddress.getAddress();
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (address instanceof Inet6Address v6) {
      return new RawAddress(false, bytes.getLong(), bytes.getLong(), socketAddress.getPort(), v6.getScopeId());
    }
    return new RawAddress(true, 0, bytes.getInt() & LOW_INT, socketAddress.getPort(), 0);
  }

  /**
   * Reads what a system call has written.
   *
   * @throws IllegalArgumentException if that is no Internet address
   */
  static RawAddress read(MemorySegment name) {
    int family = name.get(JAVA_SHORT, 0);
    int port = Short.toUnsignedInt(name.get(PORT, 2));
    if (family == Sockets.AF_INET) {
      return new RawAddress(true, 0, name.get(ADDRESS_V4, 4) & LOW_INT, port, 0);
    }
    if (family != Sockets.AF_INET6) {
      throw new IllegalArgumentException("not an Internet address: address family " + family);
    }
    long high = name.get(ADDRESS_V6, 8);
    long low = name.get(ADDRESS_V6, 16);
    boolean mapped = high == 0 && (low & ~LOW_INT) == MAPPED;
    return mapped
        ? new RawAddress(true, 0, low & LOW_INT, port, 0)
        : new RawAddress(false, high, low, port, name.get(JAVA_INT, 24));
  }

  /** Writes the struct for a system call; returns its length. */
  int write(MemorySegment name) {
    name.set(JAVA_SHORT, 0, (short) family());
    name.set(PORT, 2, (short) port);
    if (v4) {
      name.set(ADDRESS_V4, 4, (int) low);
      name.set(JAVA_LONG_UNALIGNED, 8, 0);
      return LENGTH_V4;
    }
    name.set(JAVA_INT, 4, 0);
    name.set(ADDRESS_V6, 8, high);
    name.set(ADDRESS_V6, 16, low);
    name.set(JAVA_INT, 24, scope);
    return LENGTH_V6;
  }

  /** {@link Sockets#AF_INET} or {@link Sockets#AF_INET6}. */
  int family() {
    return v4 ? Sockets.AF_INET : Sockets.AF_INET6;
  }

  /** Decodes. */
  InetSocketAddress toInetSocketAddress() {
    try {
      return new InetSocketAddress(inetAddress(), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of the right length was refused", e);
    }
  }

  private InetAddress inetAddress() throws UnknownHostException {
    if (v4) {
      return Inet4Address.getByAddress(ByteBuffer.allocate(4).putInt((int) low).array());
    }
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    return scope == 0 ? Inet6Address.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
  }

  /** As {@code 127.0.0.1:80} and {@code [::1]:80}. */
  @Override
  public String toString() {
    String host = toInetSocketAddress().getAddress().getHostAddress();
    return v4 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
