package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of descriptors that nobody closes. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LeakTrackingTest {
  private final LogCapture log = new LogCapture();

  private static EpolloOptions tracking(int every) {
    return EpolloOptions.defaults().withName("epollo-leaky").withLeakTracking(every);
  }

  private static AsyncFd open() throws IOException {
    int number = Loop.current().kernel().eventfd(0, FileFlags.EFD_CLOEXEC | FileFlags.EFD_NONBLOCK);
    return AsyncFd.adopt(number, Interest.READ);
  }

  /** A frame to look for. */
  private static WeakReference<AsyncFd> openAndLose() throws IOException {
    return new WeakReference<>(open());
  }

  private List<LogRecord> warnings(String what) {
    return log.records().stream().filter(r -> r.getMessage().contains(what)).toList();
  }

  private List<LogRecord> lost() {
    return warnings("was lost without being closed");
  }

  private List<LogRecord> left() {
    return warnings("was still open when epollo-leaky closed");
  }

  private static boolean namesPlace(LogRecord warning, String method) {
    return Arrays.stream(warning.getThrown().getStackTrace()).anyMatch(
        f -> f.getClassName().equals(LeakTrackingTest.class.getName()) && f.getMethodName().equals(method));
  }

  private static void awaitCollected(WeakReference<?> owner) throws Exception {
    Waits.until("it is collected", () -> {
      System.gc();
      return owner.refersTo(null);
    });
  }

  @Test
  void oneThatIsLostIsToldOnceWithThePlaceWhereItWasOpened() throws Exception {
    ConcurrentLinkedQueue<Object> closed = new ConcurrentLinkedQueue<>();
    ProbeKernel probe = new ProbeKernel().on("close", call -> {
      closed.add(call.args[0]);
      return call.real();
    });
    int[] number = new int[1];
    try (log) {
      Epollo.run(tracking(1).withKernel(probe.kernel()), () -> {
        assertThat(Thread.getAllStackTraces().keySet()).anyMatch(t -> t.getName().equals("epollo-leaky-leaks"));
        WeakReference<AsyncFd> owner = openAndLose();
        awaitCollected(owner);
        Waits.until("it is told", () -> !lost().isEmpty());
        String message = lost().getFirst().getMessage();
        number[0] = Integer.parseInt(message.replaceAll(".* fd (\\d+) was.*", "$1"));
        assertThat(closed).doesNotContain(number[0]);
      });
      assertThat(lost()).singleElement().matches(w -> namesPlace(w, "openAndLose"));
      assertThat(lost().getFirst().getMessage()).startsWith("AsyncFd with fd ")
          .contains("until epollo-leaky is closed");
      assertThat(left()).isEmpty();
      assertThat(closed).containsOnlyOnce(number[0]);
    }
  }

  @Test
  void oneThatWasClosedIsNeverTold() throws Exception {
    try (log) {
      Epollo.run(tracking(1), () -> {
        WeakReference<AsyncFd> owner = openAndClose();
        WeakReference<AsyncFd> other = openAndLose(); // enqueued not before the first would have been
        awaitCollected(owner);
        awaitCollected(other);
        Waits.until("the other one is told", () -> !lost().isEmpty());
        assertThat(lost()).hasSize(1).allMatch(w -> namesPlace(w, "openAndLose"));
      });
      assertThat(lost()).hasSize(1);
      assertThat(left()).isEmpty();
    }
  }

  private static WeakReference<AsyncFd> openAndClose() throws IOException {
    AsyncFd fd = open();
    fd.close();
    return new WeakReference<>(fd);
  }

  @Test
  void oneThatATaskWaitsForIsNotLost() throws Exception {
    try (log) {
      Epollo.run(tracking(1), () -> {
        WeakReference<?>[] owner = new WeakReference<?>[1];
        Task<?> waits = Tasks.spawn(() -> {
          try (AsyncFd fd = open()) {
            owner[0] = new WeakReference<>(fd);
            fd.clear(Direction.READ);
            fd.readable();
          }
        });
        Waits.untilParked(waits::thread);
        awaitCollected(openAndLose());
        Waits.until("the other one is told", () -> !lost().isEmpty());
        assertThat(owner[0].refersTo(null)).isFalse();
        assertThat(lost()).hasSize(1);
        waits.cancel().await();
      });
      assertThat(lost()).hasSize(1);
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void whatIsStillOpenIsToldWhenTheRuntimeCloses() throws Exception {
    AsyncFd[] kept = new AsyncFd[1];
    try (log) {
      Epollo.run(tracking(1), () -> kept[0] = openAndKeep());
      assertThat(left()).singleElement().matches(w -> namesPlace(w, "openAndKeep"));
      assertThat(lost()).isEmpty();
      assertThat(kept[0].isOpen()).isFalse();
      WeakReference<AsyncFd> owner = new WeakReference<>(kept[0]);
      kept[0] = null;
      awaitCollected(owner);
      assertThat(lost()).isEmpty();
    }
  }

  private static AsyncFd openAndKeep() throws IOException {
    return open();
  }

  @Test
  void oneOfSoManyIsRemembered() throws Exception {
    AsyncFd[] kept = new AsyncFd[7];
    try (log) {
      Epollo.run(tracking(3), () -> {
        for (int i = 0; i < kept.length; i++) {
          kept[i] = openAndKeep();
        }
      });
      assertThat(left()).hasSize(3);
      assertThat(kept).noneMatch(AsyncFd::isOpen);
    }
  }

  @Test
  void nothingIsToldThatNobodyAskedFor() throws Exception {
    try (log) {
      Epollo.run(EpolloOptions.defaults().withName("epollo-untracked"), () -> {
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("epollo-untracked-leaks"));
        awaitCollected(openAndLose());
      });
      assertThat(log.messages()).isEmpty();
    }
    assertThatThrownBy(() -> tracking(-2)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one of -2").hasMessageContaining("1 tracks all");
  }
}
