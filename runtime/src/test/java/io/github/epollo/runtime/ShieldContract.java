package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a shield keeps away from a task, and when it comes through. */
abstract class ShieldContract extends EpolloContract {
  ShieldContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  @Test
  void cancelIsDeliveredAtTheFirstAwaitAfterTheShield() throws Exception {
    try (Epollo epollo = start()) {
      List<String> steps = new CopyOnWriteArrayList<>();
      CountDownLatch inside = new CountDownLatch(1);
      CompletableFuture<String> answer = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> {
        String result = Tasks.shield(() -> {
          inside.countDown();
          steps.add(await(answer));
          Thread.sleep(1);
          Tasks.yieldNow();
          return "result";
        });
        steps.add(result);
        Future.pending().await();
        return result;
      });
      inside.await();
      task.close();
      answer.complete("answer");
      task.cancel().await();
      assertThat(steps).containsExactly("answer", "result");
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void cleanUpOfACancelledTaskWhoseCancellationNobodyHasSeen() {
    Epollo.run(options, () -> {
      List<String> steps = new CopyOnWriteArrayList<>();
      Task<Void> task = Tasks.spawn(() -> {
        Tasks.current().close();
        try {
          throw new IOException("no await has thrown yet");
        } finally {
          Tasks.shield(() -> {
            Thread.sleep(1);
            Tasks.yieldNow();
            steps.add("cleaned up");
          });
          assertThatThrownBy(Tasks::yieldNow).isInstanceOf(CancellationException.class);
        }
      });
      assertThatThrownBy(task::join).hasCauseInstanceOf(IOException.class);
      assertThat(steps).containsExactly("cleaned up");
    });
  }

  @Test
  void whatTheBodyThrowsPasses() {
    Epollo.run(options, () -> {
      assertThatThrownBy(() -> Tasks.shield(() -> {
        throw new IOException("its own");
      })).isInstanceOf(IOException.class).hasMessage("its own");
      Tasks.current().close();
      assertThatThrownBy(Tasks::yieldNow).as("the shield was left").isInstanceOf(CancellationException.class);
    });
  }

  /** It is cancelled at random moments around a shield that parks. */
  @Test
  void cancelRacesAShieldThatWaits() throws Exception {
    try (Epollo epollo = start()) {
      for (int i = 0; i < 2_000; i++) {
        CountDownLatch began = new CountDownLatch(1);
        int spins = i % 200;
        Task<Integer> task = epollo.spawn(() -> {
          began.countDown();
          Tasks.shield(() -> {
            Thread.yield();
            Tasks.yieldNow();
            new CountDownLatch(0).await();
          });
          int delivered = 0;
          while (delivered == 0) {
            try {
              Tasks.yieldNow();
            } catch (CancellationException e) {
              delivered++;
            }
          }
          Tasks.yieldNow();
          return delivered;
        });
        began.await();
        for (int n = spins; n > 0; n--) {
          Thread.onSpinWait();
        }
        task.close();
        assertThat(task.join()).isEqualTo(1);
      }
    }
  }

  @Test
  void onAPlainThreadAnInterruptWaits() {
    Thread.currentThread().interrupt();
    int result = Tasks.shield(() -> Future.ready(3).await());
    assertThat(result).isEqualTo(3);
    assertThat(Thread.interrupted()).isTrue();
  }
}
