package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.ScopePolicy;
import io.github.epollo.runtime.TaskScope;
import io.github.epollo.runtime.future.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private static List<Outcome<String>> offers(Duration deadline, Duration... delays) {
    return Epollo.run(() -> {
      try (var servers = TaskScope.open(ScopePolicy.supervise())) {
        List<SocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < delays.length; i++) {
          TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          addresses.add(listener.localAddress());
          Duration delay = delays[i];
          int price = i;
          servers.spawnBackground(() -> FanOut.offer(listener, delay, price));
        }
        return FanOut.offers(addresses, deadline);
      }
    });
  }

  @Test
  void whoeverFailsIsAskedAgain() {
    assertThat(offers(Duration.ofSeconds(30), Duration.ZERO, Duration.ofMillis(5), Duration.ZERO))
        .extracting(Outcome::get).containsExactly("0", "1", "2");
  }

  @Test
  void whoeverIsTooSlow_isDoneWithout() {
    List<Outcome<String>> offers = offers(Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
    assertThat(offers.get(0).get()).isEqualTo("0");
    assertThat(offers.get(1).failure()).isInstanceOf(CancellationException.class);
    assertThat(offers.get(2).get()).isEqualTo("2");
  }
}
