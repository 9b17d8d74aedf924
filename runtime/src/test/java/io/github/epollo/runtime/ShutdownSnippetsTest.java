package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example in the documentation of the shutdown. It is run, on sockets and with signals, in the module testkit. */
class ShutdownSnippetsTest {
  private record Listener(List<Request> incoming) implements AutoCloseable {
    @Override
    public void close() {}
  }

  private record Request() {
    void serve() {}
  }

  private static void serve(Listener listener) {
    // @start region="server"
    Epollo.run(() -> GracefulShutdown.run(Duration.ofSeconds(10), shutdown -> {
      shutdown.closeFirst(listener); // then the loop below ends
      try (var requests = TaskScope.open(ScopePolicy.supervise())) {
        for (Request request : listener.incoming()) {
          requests.spawn(() -> request.serve());
        }
        return requests.join(); // those under way come to their end
      }
    }));
    // @end
  }

  @Test
  void withoutTimersItIsRefusedBeforeAnythingBegins() {
    assertThatThrownBy(() -> serve(new Listener(List.of()))).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("epollo-timers");
    assertThatThrownBy(() -> GracefulShutdown.run(Duration.ofSeconds(-1), _ -> 1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> GracefulShutdown.run(Duration.ofSeconds(1), null))
        .isInstanceOf(NullPointerException.class);
  }
}
