package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Sockets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A kernel under a sequence of random steps. What it answers names fds by the order in which they came, so that it can be compared with another's. */
final class Machine implements AutoCloseable {
  enum Kind {
    SOCKET, EPOLL, EVENTFD, TIMERFD
  }

  enum Op {
    NOTHING, SOCKET, PAIR, PAIR_AGAIN, BIND, LISTEN, CONNECT, ACCEPT, SEND, SEND_AGAIN, RECV, RECV_AGAIN, PEEK, SHUTDOWN, CLOSE, CLOSE_SOCKET, LINGER_CLOSE, ERROR, NAME, PEER, OPTION, //
    EPOLL, ADD, ADD_AGAIN, MOD, DEL, WAIT, WAIT_AGAIN, WAIT_ONE, DUP, EVENTFD, EVENT_READ, EVENT_WRITE, TIMERFD, TIMER_SET, TIMER_READ
  }

  /** One step; what the numbers mean depends on the operation and on what is open. */
  record Step(Op op, int a, int b, int c) {}

  private record File(int fd, Kind kind) {}

  private static final int ALL = Epoll.IN | Epoll.OUT | Epoll.RDHUP | Epoll.PRI;

  private final Calls calls;
  private final boolean real;
  private final Map<Integer, File> files = new TreeMap<>(); // by the order in which they were opened
  private final Set<Integer> bound = new HashSet<>(); // others may be shared with connections of other tests that are in TIME_WAIT
  private final int observer;
  private int port;
  private int opened;

  Machine(Kernel kernel, boolean real) {
    this.calls = new Calls(kernel);
    this.real = real;
    this.observer = calls.epoll();
  }

  private List<Integer> all(Kind kind) {
    return files.entrySet().stream().filter(e -> kind == null || e.getValue().kind == kind).map(Map.Entry::getKey)
        .toList();
  }

  /** The file that a step means: of the kind, but now and then of another. */
  private int pick(int a, Kind kind) {
    List<Integer> candidates = all(a % 16 == 15 ? null : kind);
    return candidates.isEmpty() ? -1 : candidates.get((a / 16) % candidates.size());
  }

  private int fd(int file) {
    return file < 0 ? -1 : files.get(file).fd;
  }

  private String opened(int fd, Kind kind) {
    if (fd < 0) {
      return Calls.text(fd);
    }
    int file = opened++;
    files.put(file, new File(fd, kind));
    if (kind != Kind.EPOLL) {
      String added = calls.control(observer, Epoll.CTL_ADD, fd, ALL, file);
      if (!added.equals("0")) {
        throw new AssertionError(added);
      }
    }
    return "#" + file;
  }

  private String close(int file) {
    if (file < 0) {
      return "-";
    }
    File f = files.remove(file);
    if (f.kind != Kind.EPOLL) {
      String _ = calls.control(observer, Epoll.CTL_DEL, f.fd, 0, 0);
    }
    return Calls.text(calls.close(f.fd));
  }

  private String port(int result) {
    port = 0;
    if (result < 0) {
      return Calls.text(result);
    }
    port = calls.port();
    return calls.host() + " length " + calls.length();
  }

  /** The port of the name that was answered last, or 0. */
  int port() {
    return port;
  }

  /** Which sockets have the same port: for each one the first that has it. */
  List<Integer> sharedPorts() {
    Map<Integer, Integer> first = new TreeMap<>();
    return all(Kind.SOCKET).stream().map(file -> {
      int port = calls.port(fd(file));
      return port == 0 ? file : first.computeIfAbsent(port, _ -> file);
    }).toList();
  }

  /** The levels of everything open. */
  Map<Long, Integer> levels() {
    Map<Long, Integer> levels = new TreeMap<>();
    calls.events(observer, 64, 0).forEach(e -> levels.put(e.data(), e.mask()));
    return levels;
  }

  static String text(Map<Long, Integer> levels) {
    StringJoiner text = new StringJoiner(", ");
    levels.forEach((file, mask) -> text.add(file + "=" + Calls.mask(mask)));
    return text.toString();
  }

  /** The events of an epoll instance that is not {@link #observer}. */
  List<Calls.Event> wait(Step step) {
    int epoll = pick(step.a / 16 * 16, Kind.EPOLL);
    return epoll < 0 ? List.of() : calls.events(fd(epoll), step.op == Op.WAIT_ONE ? 1 : 64, 0);
  }

  String apply(Step step) {
    int a = step.a;
    int b = step.b;
    return switch (step.op) {
      case NOTHING -> "";
      case SOCKET -> opened(socket(), Kind.SOCKET);
      case PAIR, PAIR_AGAIN -> pair();
      case BIND -> {
        int other = pick(b / 16 * 16, Kind.SOCKET);
        int port = step.c % 3 == 0 && other >= 0 ? calls.port(fd(other)) : 0;
        yield bind(fd(pick(a, Kind.SOCKET)), bound.contains(port) ? port : 0);
      }
      case LISTEN -> Calls.text(calls.kernel().listen(fd(pick(a, Kind.SOCKET)), b % 4));
      case CONNECT -> {
        int target = pick(b / 16 * 16, Kind.SOCKET);
        int port = target < 0 ? 0 : calls.port(fd(target));
        int fd = fd(pick(a, Kind.SOCKET));
        // A closed port could be given to another process; and a socket, perhaps by a duplicate, could be connected to itself, which is not simulated.
        boolean self = calls.getsockname(fd) >= 0 && calls.port() == port;
        yield port == 0 || self ? "-" : Calls.text(calls.connect(fd, Calls.V4, port));
      }
      case ACCEPT -> opened(calls.accept(fd(pick(a, Kind.SOCKET))), Kind.SOCKET);
      case SEND, SEND_AGAIN -> calls.send(fd(pick(a, Kind.SOCKET)), "abcdefgh".substring(0, b % 9), 0);
      case RECV, RECV_AGAIN -> calls.recv(fd(pick(a, Kind.SOCKET)), b % 3 == 0 ? 100 : b % 9, 0);
      case PEEK -> calls.recv(fd(pick(a, Kind.SOCKET)), b % 9, Sockets.MSG_PEEK);
      case SHUTDOWN -> Calls.text(calls.kernel().shutdown(fd(pick(a, Kind.SOCKET)), b % 3));
      case CLOSE -> close(pick(a, null));
      case CLOSE_SOCKET -> close(pick(a / 16 * 16, Kind.SOCKET));
      case LINGER_CLOSE -> {
        int socket = pick(a / 16 * 16, Kind.SOCKET);
        yield calls.set(fd(socket), Sockets.SOL_SOCKET, Sockets.SO_LINGER, 1, 0) + " " + close(socket);
      }
      case ERROR -> calls.error(fd(pick(a, Kind.SOCKET)));
      case NAME -> port(calls.getsockname(fd(pick(a, Kind.SOCKET))));
      case PEER -> port(calls.getpeername(fd(pick(a, Kind.SOCKET))));
      case OPTION -> {
        int option = new int[]{Sockets.SO_REUSEADDR, Sockets.SO_REUSEPORT, Sockets.SO_KEEPALIVE}[b % 3];
        yield Calls.text(calls.set(fd(pick(a, Kind.SOCKET)), Sockets.SOL_SOCKET, option, step.c % 2));
      }
      case EPOLL -> opened(calls.epoll(), Kind.EPOLL);
      case ADD, ADD_AGAIN -> control(Epoll.CTL_ADD, step);
      case MOD -> control(Epoll.CTL_MOD, step);
      case DEL -> control(Epoll.CTL_DEL, step);
      case DUP -> {
        int file = pick(a, null);
        yield file < 0
            ? "-"
            : opened(calls.duplicate(fd(file), FileFlags.F_DUPFD_CLOEXEC, 3), files.get(file).kind);
      }
      case EVENTFD -> opened(calls.eventfd(b % 3, Calls.NONBLOCK | (step.c % 3 == 0 ? 1 : 0)), Kind.EVENTFD);
      case EVENT_READ -> calls.readLong(fd(pick(a, Kind.EVENTFD)), b % 9 == 0 ? 7 : 8);
      case EVENT_WRITE -> {
        int file = pick(a, Kind.EVENTFD);
        long value = new long[]{0, 1, 5, -2, -1}[b % 5];
        yield file >= 0 && files.get(file).kind == Kind.SOCKET ? "-" : calls.writeLong(fd(file), value, 8);
      }
      case TIMERFD -> opened(calls.timerfd(Clocks.MONOTONIC), Kind.TIMERFD);
      case TIMER_SET -> {
        long deadline = switch (b % 4) {
          case 0 -> 0;
          case 1 -> 1;
          case 2 -> -1;
          default -> calls.kernel().clockGettime(Clocks.MONOTONIC) + 3_600_000_000_000L;
        };
        yield Calls.text(calls.kernel().timerfdSettime(fd(pick(a, Kind.TIMERFD)), deadline));
      }
      case TIMER_READ -> calls.readLong(fd(pick(a, Kind.TIMERFD)), 8);
      case WAIT, WAIT_AGAIN, WAIT_ONE -> throw new IllegalStateException("see wait()");
    };
  }

  private String bind(int fd, int port) {
    int result = calls.bind(fd, Calls.V4, port);
    if (result == 0) {
      bound.add(calls.port(fd));
    }
    return Calls.text(result);
  }

  private String control(int operation, Step step) {
    int epoll = pick(step.a, Kind.EPOLL);
    int file = pick(step.b / 2 * 16, step.b % 8 == 0 ? null : Kind.SOCKET);
    int[] masks = {Epoll.IN, Epoll.OUT, Epoll.IN | Epoll.OUT | Epoll.RDHUP, Epoll.IN | Epoll.RDHUP, 0};
    int mask = masks[step.c % masks.length] | (step.c / 5 % 2 == 0 ? Epoll.ET : 0)
        | (step.c / 10 % 5 == 0 ? 1 << 30 : 0);
    return calls.control(fd(epoll), operation, fd(file), mask, file);
  }

  private String pair() {
    int listener = socket();
    StringBuilder text = new StringBuilder(opened(listener, Kind.SOCKET));
    text.append(bind(listener, 0)).append(calls.kernel().listen(listener, 5));
    int client = socket();
    text.append(opened(client, Kind.SOCKET));
    text.append(Calls.text(calls.connect(client, Calls.V4, calls.port(listener))));
    int server = calls.accept(listener);
    long end = System.nanoTime() + 2_000_000_000L;
    while (real && server < 0 && System.nanoTime() < end) {
      server = calls.accept(listener);
    }
    return text.append(opened(server, Kind.SOCKET)).toString();
  }

  @Override
  public void close() {
    calls.close();
  }

  /** Without Nagle's algorithm, by which Linux holds small segments back until earlier ones are acknowledged: they might come after a shutdown, and reset the connection. */
  private int socket() {
    int fd = calls.socket(Calls.V4);
    int _ = calls.set(fd, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
    return fd;
  }
}
