package io.github.epollo.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a tracker warns of, and what a logger that throws does to it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LeakTrackerTest {
  private final LogCapture log = new LogCapture();
  private final List<LeakTracker.Opening> openings = new ArrayList<>(); // as what stands for an open descriptor keeps them

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private void open(LeakTracker tracker, int number, BooleanSupplier isOpen) {
    LeakTracker.Opening opening = tracker.open(new Fd(number, _ -> {}), isOpen, new Object());
    assertThat(opening).isNotNull();
    openings.add(opening);
  }

  private void awaitTold(String what) throws Exception {
    Waits.until(what + " is told", () -> {
      System.gc();
      return log.messages().stream().anyMatch(m -> m.contains(what));
    });
  }

  @Test
  void whatIsClosedIsNotToldThoughItIsStillReferredTo() throws Exception {
    try (LeakTracker tracker = new LeakTracker("tracker", 1)) {
      tracker.start();
      open(tracker, 71, () -> false);
      awaitTold(tracker);
      open(tracker, 72, () -> true);
      awaitTold("fd 72");
    }
    assertThat(log.messages()).noneMatch(m -> m.contains("fd 71"));
  }

  /** Loses something else, and waits until that is told: what was lost before has been looked at then. */
  private void awaitTold(LeakTracker tracker) throws Exception {
    open(tracker, 70, () -> true);
    awaitTold("fd 70");
  }

  @Test
  void aLoggerThatThrowsEndsNeitherTheThreadNorAClose() throws Exception {
    Logger logger = Logger.getLogger("io.github.epollo");
    Handler throwing = new Handler() {
      @Override
      public void publish(LogRecord entry) {
        if (entry.getMessage().contains("fd 71")) {
          throw new IllegalStateException("as it should");
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    logger.addHandler(throwing); // behind the one that collects
    try (LeakTracker tracker = new LeakTracker("tracker", 1)) {
      tracker.start();
      open(tracker, 71, () -> true);
      awaitTold("fd 71");
      open(tracker, 72, () -> true);
      awaitTold("fd 72");
      LeakTracker.Opening kept = tracker.open(new Fd(71, _ -> {}), () -> true, this);
      assertThat(kept).isNotNull();
      kept.isLeftOpen();
    } finally {
      logger.removeHandler(throwing);
    }
  }
}
