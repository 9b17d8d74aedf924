package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of sockets that nobody closes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SocketLeakTest {
  private static final EpolloOptions TRACKING = EpolloOptions.defaults().withLeakTracking(1);
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final LogCapture log = new LogCapture();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private List<LogRecord> warnings() {
    return log.records().stream()
        .filter(r -> r.getMessage().contains("without being closed") || r.getMessage().contains("still open")).toList();
  }

  /** Where {@code method} of this test has opened a {@code type}. */
  private boolean isTold(String type, String method) {
    return warnings().stream().anyMatch(w -> w.getMessage().startsWith(type + " with fd ")
        && Arrays.stream(w.getThrown().getStackTrace()).anyMatch(f -> f.getMethodName().equals(method)));
  }

  private static void awaitCollected(WeakReference<?> owner) throws Exception {
    Waits.until("it is collected", () -> {
      System.gc();
      return owner.refersTo(null);
    });
  }

  private static WeakReference<TcpListener> listenAndLose() throws IOException {
    return new WeakReference<>(TcpListener.bind(ANY_PORT));
  }

  private static WeakReference<TcpStream> connectAndLose(TcpListener listener) throws IOException {
    return new WeakReference<>(TcpStream.connect(listener.localAddress()));
  }

  private record Halves(ReadHalf reader, WriteHalf writer) {}

  private static Halves connectAndKeepHalves(TcpListener listener) throws IOException {
    TcpStream stream = TcpStream.connect(listener.localAddress());
    return new Halves(stream.reader(), stream.writer());
  }

  @Test
  void aListenerAndAStreamThatAreLostAreTold() throws Exception {
    Epollo.run(TRACKING, () -> {
      awaitCollected(listenAndLose());
      Waits.until("the listener is told", () -> isTold("TcpListener", "listenAndLose"));
      try (TcpListener listener = TcpListener.bind(ANY_PORT)) {
        awaitCollected(connectAndLose(listener));
        Waits.until("the stream is told", () -> isTold("TcpStream", "connectAndLose"));
      }
    });
    assertThat(warnings()).hasSize(2);
  }

  @Test
  void aStreamWhoseHalvesAreThereIsNotLost() throws Exception {
    Epollo.run(TRACKING, () -> {
      try (TcpListener listener = TcpListener.bind(ANY_PORT)) {
        Halves halves = connectAndKeepHalves(listener);
        TcpStream accepted = listener.accept();
        awaitCollected(listenAndLose());
        Waits.until("the listener is told", () -> isTold("TcpListener", "listenAndLose"));
        assertThat(warnings()).hasSize(1);
        accepted.close();
        assertThat(halves.reader().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        halves.reader().close();
        halves.writer().close();
      }
    });
    assertThat(warnings()).hasSize(1);
  }

  @Test
  void whatIsClosedIsNeverTold() throws Exception {
    Epollo.run(TRACKING, () -> {
      for (int i = 0; i < 20; i++) {
        try (TcpListener listener = TcpListener.bind(ANY_PORT);
            TcpStream client = TcpStream.connect(listener.localAddress());
            TcpStream server = listener.accept()) {
          client.writer().close();
          assertThat(server.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
      }
      awaitCollected(listenAndLose());
      Waits.until("the listener is told", () -> isTold("TcpListener", "listenAndLose"));
    });
    assertThat(warnings()).hasSize(1);
  }
}
