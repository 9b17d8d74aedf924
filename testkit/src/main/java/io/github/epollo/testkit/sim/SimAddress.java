package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.SocketAddresses;
import io.github.epollo.runtime.kernel.Sockets;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An Internet address and a port. An IPv4 address is held as the IPv6 address that it is mapped to ({@code ::ffff:1.2.3.4}).
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 * @param port the port
 */
public record SimAddress(long high, long low, int port) {
  private static final long MAPPED = 0xffff_0000_0000L;
  private static final long LOW_INT = 0xffff_ffffL;

  static final SimAddress NONE = new SimAddress(0, 0, 0);
  static final SimAddress NONE_V4 = v4(0, 0);
  private static final SimAddress LOOPBACK_V4 = v4(0x7f00_0001, 0);
  private static final SimAddress LOOPBACK_V6 = new SimAddress(0, 1, 0);

  static SimAddress v4(int address, int port) {
    return new SimAddress(0, MAPPED | (address & LOW_INT), port);
  }

  /** An IPv4 address in text, such as {@code 10.0.0.1}. */
  public static SimAddress parse(String text) {
    byte[] bytes = InetAddress.ofLiteral(text).getAddress();
    if (bytes.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address: " + text);
    }
    return v4(ByteBuffer.wrap(bytes).getInt(), 0);
  }

  /** The wildcard address of a family. */
  static SimAddress any(int family) {
    return family == Sockets.AF_INET ? NONE_V4 : NONE;
  }

  /** Reads the struct of {@code family} at {@code address}. */
  static SimAddress read(long address, int family) {
    int port = SocketAddresses.port(address);
    return family == Sockets.AF_INET
        ? v4(SocketAddresses.v4(address), port)
        : new SimAddress(SocketAddresses.v6High(address), SocketAddresses.v6Low(address), port);
  }

  /** Writes the struct of {@code family}, as much of it as there is room for, and its length. */
  int write(int family, long address, long lengthAddress) {
    return family == Sockets.AF_INET
        ? SocketAddresses.putV4(address, lengthAddress, (int) low, port)
        : SocketAddresses.putV6(address, lengthAddress, high, low, port);
  }

  SimAddress withPort(int port) {
    return new SimAddress(high, low, port);
  }

  boolean isV4() {
    return high == 0 && (low & ~LOW_INT) == MAPPED;
  }

  boolean isAny() {
    return high == 0 && (low == 0 || low == MAPPED);
  }

  boolean isLoopback() {
    return isV4() ? (low >>> 24 & 0xff) == 127 : high == 0 && low == 1;
  }

  boolean isSameHost(SimAddress other) {
    return high == other.high && low == other.low;
  }

  /** The loopback address of the same family, and the same port. */
  SimAddress loopback() {
    return (isV4() ? LOOPBACK_V4 : LOOPBACK_V6).withPort(port);
  }

  @Override
  public String toString() {
    if (isV4()) {
      return (low >>> 24 & 0xff) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff) + ":"
          + port;
    }
    return "[" + (high == 0 ? "::" + Long.toHexString(low) : Long.toHexString(high) + ":" + Long.toHexString(low))
        + "]:"
        + port;
  }
}
