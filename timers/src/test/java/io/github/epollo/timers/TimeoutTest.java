package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimeoutTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(10);

  private static final class Probe extends AbstractFuture<String> {
    boolean released;

    @Override
    protected Poll<String> advance(Waker waker) {
      return Poll.pending();
    }

    @Override
    protected void release() {
      released = true;
    }
  }

  @Test
  void expiry_closesTheFuture_andNamesIt() {
    Epollo.run(TestRuntime.options(), () -> {
      Probe probe = new Probe();
      assertThatThrownBy(() -> Timers.timeout(SHORT, probe).await()).isInstanceOf(DeadlineExceededException.class)
          .hasMessage("deadline of PT0.01S passed while waiting for Probe");
      assertThat(probe.released).isTrue();
      assertThat(Timers.armed()).isZero();
    });
  }

  @Test
  void aValue_winsOverAnElapsedDeadline() {
    Epollo.run(TestRuntime.options(),
        () -> assertThat(Timers.timeout(Duration.ZERO, Future.ready("x")).await()).isEqualTo("x"));
  }

  @Test
  void aStacklessTask() {
    Epollo.run(TestRuntime.options(), () -> {
      assertThat(Tasks.spawn(Timers.sleepAsync(SHORT).map(_ -> 3)).join()).isEqualTo(3);
      assertThatThrownBy(() -> Tasks.spawn(Timers.timeout(SHORT, Timers.sleepAsync(HOUR))).join())
          .isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void detach_givesTheFutureBack_andUpTheDeadline() {
    Epollo.run(TestRuntime.options(), () -> {
      CompletableFuture<String> stage = new CompletableFuture<>();
      Future<String> inner = Future.fromCompletionStage(stage);
      Timeout<String> timeout = Timers.timeout(HOUR, inner);
      assertThat(timeout.poll(() -> {})).isInstanceOf(Poll.Pending.class);
      assertThat(timeout.detach()).isSameAs(inner);
      assertThatIllegalStateException().isThrownBy(() -> timeout.poll(() -> {})).withMessageContaining("closed");
      assertThatIllegalStateException().isThrownBy(timeout::detach).withMessageContaining("handed out already");
      timeout.close();
      stage.complete("value");
      assertThat(inner.await()).isEqualTo("value");
    });
  }
}
