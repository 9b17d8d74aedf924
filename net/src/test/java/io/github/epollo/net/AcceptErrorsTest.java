package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 10 and 11: what accept(2) may answer besides a connection. */
@SuppressWarnings("try")
class AcceptErrorsTest {
  private final ProbeKernel probe = new ProbeKernel();
  private final EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel());

  @ParameterizedTest
  @ValueSource(ints = {Errno.ECONNABORTED, Errno.EPROTO, Errno.ENETDOWN, Errno.ENOPROTOOPT, Errno.EHOSTDOWN,
    Errno.ENONET, Errno.EHOSTUNREACH, Errno.EOPNOTSUPP, Errno.ENETUNREACH, Errno.EINTR})
  void errorsOfOneConnectionAreSkipped(int errno) {
    probe.on("accept4", call -> call.nth() % 4 != 0 ? -errno : call.real());
    Epollo.run(options, () -> {
      try (TcpListener listener = Loopback.listen()) {
        for (int i = 0; i < 10; i++) {
          try (TcpStream client = TcpStream.connect(listener.localAddress()); TcpStream server = listener.accept()) {
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
          }
        }
      }
    });
  }

  @Test
  void severalListenersPauseAtOnce() {
    probe.on("accept4", call -> call.nth() <= 8 ? -Errno.EMFILE : call.real());
    Epollo.run(options, () -> {
      try (TcpListener one = Loopback.listen();
          TcpListener two = Loopback.listen();
          TcpStream first = TcpStream.connect(one.localAddress());
          TcpStream second = TcpStream.connect(two.localAddress())) {
        Task<TcpStream> accepting = Tasks.spawn(() -> one.accept());
        Task<TcpStream> async = Tasks.spawn(two.acceptAsync());
        try (TcpStream a = accepting.join(); TcpStream b = async.join()) {
          assertThat(a.remoteAddress()).isEqualTo(first.localAddress());
          assertThat(b.remoteAddress()).isEqualTo(second.localAddress());
        }
      }
    });
  }

  @Test
  void aPauseEndsWhenTheListenerIsClosedOrTheTaskCancelled() {
    probe.on("accept4", call -> -Errno.EMFILE);
    Epollo.run(options, () -> {
      try (TcpListener listener = Loopback.listen(); TcpStream _ = TcpStream.connect(listener.localAddress())) {
        Thread[] thread = new Thread[1];
        Task<TcpStream> cancelled = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return listener.accept();
        });
        Loopback.untilParked(() -> thread[0]);
        cancelled.cancel().await();
        assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
        Task<TcpStream> closed = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return listener.accept();
        });
        Loopback.untilParked(() -> thread[0]);
        listener.close();
        assertThatThrownBy(closed::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
      }
    });
  }

  @Test
  void whatCannotBeMendedIsThrown() {
    Epollo.run(options, () -> {
      try (TcpListener listener = Loopback.listen()) {
        probe.on("accept4", call -> -Errno.EINVAL);
        assertThatThrownBy(listener::accept).isInstanceOf(java.io.IOException.class).hasMessageContaining("EINVAL")
            .hasMessageContaining("TcpListener[127.0.0.1:");
      }
    });
  }
}
