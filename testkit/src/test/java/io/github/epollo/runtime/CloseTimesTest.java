package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.testkit.SimKernel;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long closing waits for tasks that do not want to end, in virtual time. */
class CloseTimesTest {
  private final SimKernel kernel = new SimKernel();

  private Epollo local(Duration closeTimeout) {
    return Epollo.local(EpolloOptions.defaults().withKernel(kernel).withCloseTimeout(closeTimeout));
  }

  private long now() {
    return kernel.time().now();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 50, 3_600_000, 86_400_000})
  void closeGivesUp_afterItsTimeout(long millis) throws Exception {
    CompletableFuture<String> gate = new CompletableFuture<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    Epollo epollo = local(Duration.ofMillis(millis));
    Task<?> _ = epollo.spawn("stubborn", () -> {
      try {
        Future.pending().await();
      } catch (CancellationException e) {
        end.complete(Future.fromCompletionStage(gate).await());
      }
    });
    epollo.call(() -> Tasks.yieldNow());
    long before = now();
    epollo.close();
    assertThat(now() - before).isEqualTo(millis * 1_000_000);
    assertThat(epollo.toString()).contains("CLOSED");
    gate.complete("ended");
    assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo("ended"); // goes on elsewhere
  }

  @Test
  void closeReturns_whenTheLastTaskHasEnded() {
    for (Duration limit : new Duration[]{Duration.ofDays(2), ChronoUnit.FOREVER.getDuration()}) {
      Epollo epollo = local(limit);
      Task<?> task = epollo.spawn("slow", () -> {
        try {
          Future.pending().await();
        } finally {
          Timers.sleep(Duration.ofDays(1)); // it is cancelled once
        }
      });
      epollo.call(() -> Tasks.yieldNow());
      long before = now();
      epollo.close();
      assertThat(now() - before - Duration.ofDays(1).toNanos()).isBetween(0L, 1_023L);
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
  }
}
