package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who hears of a failure that nobody waits for, and what goes on after it. */
abstract class FailureContract extends EpolloContract {
  FailureContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  @Test
  void theUncaughtHandlerHearsOfWhatNobodyAskedFor() {
    RuntimeException boom = new IllegalStateException("boom");
    Task<String> task;
    try (Epollo epollo = start()) {
      task = epollo.spawn(() -> {
        throw boom;
      });
      Task<?> stackless = epollo.spawn(Future.failed(boom));
      while (!task.isDone() || !stackless.isDone()) {
        Thread.onSpinWait();
      }
    }
    assertThat(uncaught).containsExactly(boom, boom); // told before close() returned
    assertThatThrownBy(task::join).isSameAs(boom);
  }

  @Test
  void closeReturnsAfterTheUncaughtHandlerDid() throws Exception {
    CountDownLatch inHandler = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    Epollo epollo = Epollo.start(options.withUncaughtHandler((_, _) -> {
      inHandler.countDown();
      boolean interrupted = false;
      while (leave.getCount() > 0) {
        try {
          leave.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      left.set(true);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }));
    epollo.spawn(() -> {
      throw new IllegalStateException("boom");
    });
    inHandler.await();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread closer = thread(failure, () -> {
      epollo.close();
      assertThat(left).isTrue();
    });
    epollo.loop().execute(() -> {});
    closer.join(50); // it may not get ahead; if it could, it would most likely have by now
    leave.countDown();
    closer.join();
    assertThat(failure).hasNullValue();
  }

  @Test
  void theUncaughtHandlerIsNotToldWhatSomebodyAskedFor() {
    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      Task<?> joiner = epollo.spawn(() -> assertThatThrownBy(task::join).hasMessage("boom"));
      while (!"the end of ".concat(task.toString()).equals(joiner.awaited())) {
        Thread.onSpinWait();
      }
      gate.completeExceptionally(new IllegalStateException("boom"));
      joiner.join();
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aHandlerThatThrowsIsLoggedAndStopsNothing() {
    try (LogCapture log = new LogCapture();
        Epollo epollo = Epollo.start(options.withUncaughtHandler((_, _) -> {
          throw new IllegalStateException("handler");
        }))) {
      epollo.spawn("bad", () -> {
        throw new IllegalStateException("boom");
      });
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
      while (log.records().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(log.records().getFirst().getMessage()).contains("task bad failed, and nobody waits for it");
      assertThat(log.records().getFirst().getThrown()).hasMessage("boom")
          .hasSuppressedException(new IllegalStateException("handler"));
    }
  }

  @Test
  void anErrorInATaskOrWakerOrPollHitsOnlyThat() {
    try (Epollo epollo = start()) {
      Task<?> bad = epollo.spawn(() -> {
        throw new OutOfMemoryError("thrown by a test");
      });
      Task<?> deep = epollo.spawn(() -> recurse(0));
      Task<?> poll = epollo.spawn(Future.fromPoll(_ -> {
        throw new OutOfMemoryError("thrown by a test");
      }));
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> watched = epollo.spawn(() -> await(gate));
      watched.poll(() -> {
        throw new OutOfMemoryError("thrown by a waker");
      });
      Task<String> joiner = epollo.spawn(watched::join);
      epollo.loop().execute(() -> {
        throw new OutOfMemoryError("thrown by work");
      });
      gate.complete("value");
      assertThat(joiner.join()).isEqualTo("value");
      assertThatThrownBy(bad::join).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(poll::join).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(deep::join).isInstanceOf(StackOverflowError.class);
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
    }
    assertThat(uncaught).anyMatch(t -> "thrown by a waker".equals(t.getMessage()))
        .anyMatch(t -> "thrown by work".equals(t.getMessage()));
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  @Test
  void aLoopThatCannotWaitAnyMoreEndsItsTasksAndCloses() {
    AtomicBoolean broken = new AtomicBoolean();
    ProbeKernel probe = new ProbeKernel().on("epollWait", call -> broken.get() ? -Errno.EBADF : call.real());
    try (LogCapture log = new LogCapture()) {
      Epollo epollo = Epollo.start(options.withKernel(probe.kernel()));
      Task<?> waiting = epollo.spawn(() -> Future.pending().await());
      Task<?> stackless = epollo.spawn(Future.pending());
      epollo.call(() -> {});
      broken.set(true);
      epollo.loop().execute(() -> {});
      assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
      assertThatThrownBy(stackless::join).isInstanceOf(CancellationException.class);
      long start = System.nanoTime();
      epollo.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      assertThat(log.messages()).isNotEmpty().allMatch(m -> m.contains("has failed")); // each of several loops says so
    }
    broken.set(true);
    assertThatThrownBy(() -> Epollo.run(options.withKernel(probe.kernel()), () -> Future.pending().await()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(".*cannot wait for events.*|cannot spawn task 1: .* is clos(ing|ed)"); // the latter if another loop was first
  }

  @Test
  void fdsThatTheKernelRefusesLeaveNothingBehind() {
    for (String call : List.of("epollCreate", "eventfd", "epollCtl")) {
      Set<String> before = NoLeaks.openFds();
      ProbeKernel probe = new ProbeKernel().on(call, _ -> -Errno.EMFILE);
      assertThatThrownBy(() -> Epollo.start(options.withKernel(probe.kernel()))).as(call)
          .isInstanceOf(UncheckedIOException.class).hasMessageContaining("cannot start epollo-")
          .rootCause().hasMessageContaining("EMFILE");
      assertThat(NoLeaks.openFds()).as(call).isEqualTo(before);
    }
  }
}
