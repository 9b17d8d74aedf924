package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a runtime says to those who use it in a way it cannot serve. */
abstract class MisuseContract extends EpolloContract {
  MisuseContract(CarrierChoice carrier) {
    super(carrier, 1);
  }

  @Test
  void aTaskThatWaitsForItselfFails() {
    String message = "cannot wait for its own end";
    Epollo.run(options, () -> {
      Task<?> self = Tasks.current();
      assertThatThrownBy(self::join).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
      assertThatThrownBy(() -> self.joinAsync().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(() -> self.cancel().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(Tasks::yieldNow).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void awaitOnTheLoopsOwnThreadFails() {
    try (Epollo epollo = start()) {
      Future<String> blocking = Future.fromPoll(_ -> Poll.ready(Future.<String>pending().await()));
      assertThatThrownBy(() -> epollo.spawn(blocking).join()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("on the thread of epollo-").hasMessageContaining("Tasks.spawn");
      Future<String> yielding = Future.fromPoll(_ -> {
        Tasks.yieldNow();
        return Poll.ready("");
      });
      assertThatThrownBy(() -> epollo.spawn(yielding).join()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("return from the poll instead");
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
    }
  }

  @Test
  void outsideARuntimeTheErrorSaysWhatToDo() {
    assertThatThrownBy(() -> Tasks.spawn(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Epollo runtime on ").hasMessageContaining("Epollo.run");
    assertThatThrownBy(Tasks::current).isInstanceOf(IllegalStateException.class).hasMessageContaining("is not a task");
    assertThatThrownBy(Tasks::yieldNow).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nobody to yield to");
    assertThat(Future.ready("value").await()).isEqualTo("value");
  }

  @Test
  void runNeedsAPlatformThreadOutsideAnyLoop() throws Exception {
    Epollo.run(options, () -> assertThatThrownBy(() -> Epollo.run(options, () -> {}))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot call Epollo.run inside epollo-")
        .hasMessageContaining("Tasks.spawn"));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread.ofVirtual().start(() -> {
      try {
        Epollo.run(options, () -> {});
      } catch (Throwable t) {
        thrown.set(t);
      }
    }).join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("needs a platform thread");
  }

  @Test
  void nullIsRefusedAtOnce() {
    try (Epollo epollo = start()) {
      assertThatThrownBy(() -> epollo.spawn((Body) null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("body");
      assertThatThrownBy(() -> epollo.spawn((Callable<?>) null))
          .isInstanceOf(NullPointerException.class).hasMessageContaining("body");
      assertThatThrownBy(() -> epollo.spawn((Future<?>) null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("future");
      assertThatThrownBy(() -> epollo.spawn(null, () -> {})).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("name");
    }
  }

  @Test
  void aFutureThatBreaksItsContractFailsAlone() {
    RuntimeException inClose = new IllegalStateException("close");
    try (Epollo epollo = start()) {
      Task<?> nullPoll = epollo.spawn(new Probe<>(_ -> null));
      assertThatThrownBy(nullPoll::join).isInstanceOf(NullPointerException.class).hasMessageContaining("null");
      Task<?> nullFunction = epollo.spawn(Future.fromPoll(_ -> null));
      assertThatThrownBy(nullFunction::join).isInstanceOf(NullPointerException.class).hasMessageContaining("null");

      Probe<String> closing = new Probe<>();
      closing.thrownByClose = inClose;
      Task<String> cancelled = epollo.spawn(closing);
      cancelled.cancel().await();

      Probe<String> both = new Probe<>(_ -> {
        throw new IllegalStateException("poll");
      });
      both.thrownByClose = inClose;
      assertThatThrownBy(() -> epollo.spawn(both).join()).hasMessage("poll");
    }
    assertThat(uncaught.stream().filter(t -> t == inClose)).hasSize(2);
  }
}
