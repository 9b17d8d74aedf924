package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every kernel answers: each case runs on Linux and on the simulation, call by call. */
@ParameterizedClass
@EnumSource
abstract class KernelContract {
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  enum Subject {
    LINUX, SIMULATED
  }

  final Kernel kernel;
  final Calls calls;
  private final boolean real;

  KernelContract(Subject subject) {
    this.real = subject == Subject.LINUX;
    this.kernel = real ? LinuxKernel.get() : new SimKernel();
    this.calls = new Calls(kernel);
  }

  @AfterEach
  void close() {
    calls.close();
  }

  static void check(String actual, String expected) {
    assertThat(actual).isEqualTo(expected);
  }

  static void check(long actual, String expected) {
    check(Calls.text(actual), expected);
  }

  /** What the real kernel may deliver a moment later. */
  void soon(Supplier<String> actual, String expected) {
    String last = actual.get();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (real && !last.equals(expected) && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
      last = actual.get();
    }
    check(last, expected);
  }

  /** A listener, a client that is connected to it, and the other end. */
  record Pair(int listener, int client, int server) {}

  int listener(int backlog) {
    int listener = calls.socket(Calls.V4);
    check(calls.bind(listener, Calls.V4, 0), "0");
    check(kernel.listen(listener, backlog), "0");
    return listener;
  }

  Pair pair() {
    int listener = listener(5);
    int client = calls.socket(Calls.V4);
    return connect(listener, client);
  }

  Pair connect(int listener, int client) {
    check(calls.connect(client, Calls.V4, calls.port(listener)), "EINPROGRESS");
    soon(() -> levels(listener), "IN");
    int server = calls.accept(listener);
    assertThat(server).isPositive();
    return new Pair(listener, client, server);
  }

  /** The events that hold for {@code fd} now. */
  String levels(int fd) {
    int epoll = calls.epoll();
    check(calls.control(epoll, 1, fd, 0x2007, 0), "0");
    String text = calls.waitText(epoll, 4, 0);
    check(calls.close(epoll), "0");
    return text.startsWith("0:") ? text.substring(2) : text;
  }
}
