package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.SimKernel;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testsupport.ProbeKernel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazard 11: how long a listener pauses when accept(2) finds no descriptor or memory, in virtual time. */
@SuppressWarnings("try")
class AcceptPauseTest {
  private static final Duration PAUSE = Duration.ofNanos(AcceptBackoff.PAUSE_NANOS);

  private final ProbeKernel probe = new ProbeKernel(new SimKernel());

  private void run(Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), body);
  }

  private static TcpListener listen() throws Exception {
    return TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM})
  void aShortageIsWaitedForWithoutSpinning(int errno) {
    probe.on("accept4", call -> call.nth() <= 3 ? -errno : call.real());
    run(() -> {
      try (TcpListener listener = listen(); TcpStream client = TcpStream.connect(listener.localAddress())) {
        probe.reset();
        Stopwatch watch = new Stopwatch();
        try (TcpStream server = listener.accept()) {
          watch.showsExactly(PAUSE.multipliedBy(3));
          assertThat(probe.calls("accept4")).isEqualTo(4);
          assertThat(probe.calls("epollWait")).isLessThan(10);
          assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        }
      }
    });
  }

  /** For a minute: twenty tries a second, and no more. */
  @Test
  void aShortageThatLasts() {
    probe.on("accept4", call -> call.nth() <= 1200 ? -Errno.EMFILE : call.real());
    run(() -> {
      try (TcpListener listener = listen(); TcpStream _ = TcpStream.connect(listener.localAddress())) {
        probe.reset();
        Stopwatch watch = new Stopwatch();
        try (TcpStream _ = listener.accept()) {
          watch.showsExactly(Duration.ofMinutes(1));
          assertThat(probe.calls("accept4")).isEqualTo(1201);
          assertThat(probe.calls("epollWait")).isLessThan(2 * 1201);
        }
      }
    });
  }

  @Test
  void severalListenersPauseAtOnce() {
    probe.on("accept4", call -> call.nth() <= 8 ? -Errno.EMFILE : call.real());
    run(() -> {
      try (TcpListener one = listen();
          TcpListener two = listen();
          TcpStream first = TcpStream.connect(one.localAddress());
          TcpStream second = TcpStream.connect(two.localAddress())) {
        Stopwatch watch = new Stopwatch();
        Task<TcpStream> accepting = Tasks.spawn(() -> one.accept());
        Task<TcpStream> async = Tasks.spawn(two.acceptAsync());
        try (TcpStream a = accepting.join(); TcpStream b = async.join()) {
          watch.showsExactly(PAUSE.multipliedBy(4)); // each fails four times, and both pause together
          assertThat(a.remoteAddress()).isEqualTo(first.localAddress());
          assertThat(b.remoteAddress()).isEqualTo(second.localAddress());
        }
      }
    });
  }
}
