package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.LogCapture;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a loop that is held. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WatchdogTest {
  private static final Duration LIMIT = Duration.ofMillis(20);

  private final List<HeldLoop> reports = new CopyOnWriteArrayList<>();
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

  private EpolloOptions options(int loops) {
    return EpolloOptions.defaults().withLoops(loops).withUncaughtHandler((_, t) -> uncaught.add(t))
        .withWatchdog(LIMIT, reports::add);
  }

  /** A machine that has no time for a loop's thread holds that, too: only what is told of {@code task} counts. */
  private List<HeldLoop> reportsOf(Task<?> task) {
    return reports.stream().filter(r -> r.task() == task).toList();
  }

  /** The same for work without a stack of its own. */
  private List<HeldLoop> reportsOfWork() {
    return reports.stream().filter(r -> r.stack().stream().anyMatch(f -> f.getMethodName().equals("holdUntil")))
        .toList();
  }

  /** A frame to look for. */
  private static void holdUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void aTaskThatHoldsItsLoopIsNamedOnceWithItsStack(int loops) {
    try (Epollo epollo = Epollo.start(options(loops))) {
      Loop loop = epollo.loops().getLast();
      for (int i = 0; i < 2; i++) { // the second one is news again
        Task<?> hog = epollo.spawnOn(loop, "hog", () -> {
          Task<?> self = Tasks.current();
          holdUntil(() -> !reportsOf(self).isEmpty());
          long end = loop.now() + 3 * LIMIT.toNanos();
          holdUntil(() -> loop.now() - end > 0);
        });
        hog.join();
        assertThat(reportsOf(hog)).hasSize(1);
        HeldLoop report = reportsOf(hog).getFirst();
        assertThat(report.loop()).isSameAs(loop);
        assertThat(report.duration()).isGreaterThanOrEqualTo(LIMIT);
        assertThat(report.stack()).anyMatch(f -> f.getMethodName().equals("holdUntil"));
        assertThat(report.toString()).contains(loop + " has been held for").contains("by task hog")
            .contains("holdUntil");
      }
    }
  }

  @Test
  void theTextEndsAfterTheInnermostFrames() {
    StackTraceElement frame = new StackTraceElement("Deep", "call", "Deep.java", 1);
    try (Epollo epollo = Epollo.start(options(1))) {
      Loop loop = epollo.loops().getFirst();
      assertThat(new HeldLoop(loop, LIMIT, null, Collections.nCopies(32, frame)).toString().lines()).hasSize(33)
          .last().asString().endsWith("Deep.java:1)");
      assertThat(new HeldLoop(loop, LIMIT, null, Collections.nCopies(40, frame)).toString().lines()).hasSize(34)
          .last().asString().endsWith("... 8 more");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void workWithoutAStackOfItsOwnIsFoundOnTheLoopsThread(int loops) {
    try (Epollo epollo = Epollo.start(options(loops))) {
      Loop loop = epollo.loops().getLast();
      epollo.spawnOn(loop, Future.fromPoll(_ -> {
        holdUntil(() -> !reportsOfWork().isEmpty());
        return Poll.ready(null);
      })).join();
      assertThat(reportsOfWork()).hasSize(1);
      assertThat(reportsOfWork().getFirst().task()).isNull();
      assertThat(reportsOfWork().getFirst().loop()).isSameAs(loop);
    }
  }

  @Test
  void whatTheHandlerThrowsIsReportedAndItIsAskedAgain() {
    EpolloOptions options = options(1).withWatchdog(LIMIT, held -> {
      reports.add(held);
      throw new IllegalStateException("handler");
    });
    try (Epollo epollo = Epollo.start(options)) {
      for (int i = 1; i <= 2; i++) {
        int count = i;
        epollo.spawn(Future.fromPoll(_ -> {
          holdUntil(() -> reportsOfWork().size() == count && uncaught.size() >= count);
          return Poll.ready(null);
        })).join();
      }
    }
    assertThat(uncaught).hasSizeGreaterThanOrEqualTo(2).allMatch(t -> t.getMessage().equals("handler"));
    assertThatThrownBy(() -> EpolloOptions.defaults().withWatchdog(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT0S");
  }

  @Test
  void withoutAHandlerItIsLogged() {
    try (LogCapture log = new LogCapture();
        Epollo epollo = Epollo.start(EpolloOptions.defaults().withWatchdog(LIMIT))) {
      epollo.spawn(Future.fromPoll(_ -> {
        holdUntil(() -> log.messages().stream().anyMatch(m -> m.contains("holdUntil")));
        return Poll.ready(null);
      })).join();
      assertThat(log.messages()).anyMatch(m -> m.contains("has been held for") && m.contains("holdUntil"));
    }
  }
}
