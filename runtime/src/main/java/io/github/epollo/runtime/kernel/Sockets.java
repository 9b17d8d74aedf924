package io.github.epollo.runtime.kernel;

/**
 * Constants of socket(7), ip(7), ipv6(7), tcp(7), udp(7), unix(7) and their calls. Both x86-64 and aarch64 use the
 * kernel's generic numbers, so all are equal there.
 */
public final class Sockets {
  /** Address family: local sockets. */
  public static final int AF_UNIX = 1;

  /** Address family: IPv4. */
  public static final int AF_INET = 2;

  /** Address family: IPv6. */
  public static final int AF_INET6 = 10;

  /** Type: a stream of bytes. */
  public static final int SOCK_STREAM = 1;

  /** Type: datagrams. */
  public static final int SOCK_DGRAM = 2;

  /** Flag in the type, and of accept4(2): non-blocking. */
  public static final int SOCK_NONBLOCK = FileFlags.O_NONBLOCK;

  /** Flag in the type, and of accept4(2): closed in a child process. */
  public static final int SOCK_CLOEXEC = FileFlags.O_CLOEXEC;

  /** Level of the {@code SO_} options. */
  public static final int SOL_SOCKET = 1;

  /** Binds although an old connection of that port is in TIME_WAIT. */
  public static final int SO_REUSEADDR = 2;

  /** Which type the socket has: {@link #SOCK_STREAM}, {@link #SOCK_DGRAM}; read only. */
  public static final int SO_TYPE = 3;

  /** Takes the pending error: an errno, or 0. */
  public static final int SO_ERROR = 4;

  /** May send datagrams to a broadcast address. */
  public static final int SO_BROADCAST = 6;

  /** Size of the send buffer in bytes; the kernel doubles what is set. */
  public static final int SO_SNDBUF = 7;

  /** Size of the receive buffer in bytes; the kernel doubles what is set. */
  public static final int SO_RCVBUF = 8;

  /** Probes an idle connection. */
  public static final int SO_KEEPALIVE = 9;

  /** What close does with unsent data: {@code struct linger} (two ints: on, seconds). */
  public static final int SO_LINGER = 13;

  /** Several sockets bind one port; the kernel spreads connections over them. */
  public static final int SO_REUSEPORT = 15;

  /** Credentials of the peer of a local socket: {@code struct ucred} (pid, uid, gid). */
  public static final int SO_PEERCRED = 17;

  /** A program that says which packets the socket gets: {@link SocketFilter}. */
  public static final int SO_ATTACH_FILTER = 26;

  /** Whether the socket listens; read only. */
  public static final int SO_ACCEPTCONN = 30;

  /** Which address family the socket has; read only. */
  public static final int SO_DOMAIN = 39;

  /** Largest backlog of listen(2) that the kernel takes by default. */
  public static final int SOMAXCONN = 4096;

  /** Level of the IPv4 options. */
  public static final int IPPROTO_IP = 0;

  /** Level of the {@code TCP_} options, and the protocol. */
  public static final int IPPROTO_TCP = 6;

  /** The UDP protocol. */
  public static final int IPPROTO_UDP = 17;

  /** Level of the {@code IPV6_} options. */
  public static final int IPPROTO_IPV6 = 41;

  /** Type of service of IPv4 packets. */
  public static final int IP_TOS = 1;

  /** An IPv6 socket takes no IPv4 peers. */
  public static final int IPV6_V6ONLY = 26;

  /** Traffic class of IPv6 packets. */
  public static final int IPV6_TCLASS = 67;

  /** Sends small segments at once. */
  public static final int TCP_NODELAY = 1;

  /** Holds partial segments back. */
  public static final int TCP_CORK = 3;

  /** Seconds of idleness before the first probe. */
  public static final int TCP_KEEPIDLE = 4;

  /** Seconds between probes. */
  public static final int TCP_KEEPINTVL = 5;

  /** Unanswered probes before the connection is dropped. */
  public static final int TCP_KEEPCNT = 6;

  /** Acknowledges at once. */
  public static final int TCP_QUICKACK = 12;

  /** Milliseconds that sent data may stay unacknowledged. */
  public static final int TCP_USER_TIMEOUT = 18;

  /** Queue length of fast open on a listener. */
  public static final int TCP_FASTOPEN = 23;

  /** recv/send: urgent data. */
  public static final int MSG_OOB = 0x1;

  /** recv: leaves the data in the socket. */
  public static final int MSG_PEEK = 0x2;

  /** recvmsg result: ancillary data was cut off. */
  public static final int MSG_CTRUNC = 0x8;

  /** recvmsg result: the datagram was cut off; as a flag: answer its real length. */
  public static final int MSG_TRUNC = 0x20;

  /** recv/send: non-blocking for this call. */
  public static final int MSG_DONTWAIT = 0x40;

  /** send: no SIGPIPE when the peer is gone. */
  public static final int MSG_NOSIGNAL = 0x4000;

  /** send: more data follows. */
  public static final int MSG_MORE = 0x8000;

  /** recvmsg: received fds are closed in a child process. */
  public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  /** Ancillary data of a local socket: fds. */
  public static final int SCM_RIGHTS = 1;

  /** shutdown(2): no more reading. */
  public static final int SHUT_RD = 0;

  /** shutdown(2): no more writing. */
  public static final int SHUT_WR = 1;

  /** shutdown(2): neither. */
  public static final int SHUT_RDWR = 2;

  private Sockets() {}
}
