package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told, when it asks. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FlightRecordingTest {
  private static final String TASK = "io.github.epollo.Task";
  private static final String HELD = "io.github.epollo.HeldLoop";
  private static final String SLOW = "io.github.epollo.SlowTurn";

  private static final int STACKLESS = 5; // events on the loop's own thread; the first event there after one of a virtual thread on it is lost by JDK 25.0.3

  @TempDir Path directory;

  private List<RecordedEvent> record(Body body, String... enabled) throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      for (String name : enabled) {
        recording.enable(name).withThreshold(Duration.ZERO);
      }
      recording.start();
      body.run();
      recording.stop();
      recording.dump(file);
    }
    return events(file);
  }

  private static List<RecordedEvent> events(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().startsWith("io.github.epollo.")).toList();
  }

  private static void tasks() {
    Epollo.run(EpolloOptions.defaults().withName("recorded").withUncaughtHandler((_, _) -> {}), () -> {
      Tasks.spawn("one", () -> {}).join();
      Tasks.spawn("fails", () -> {
        throw new IllegalStateException("as it should");
      }).cancel().await();
      for (int i = 0; i < STACKLESS; i++) {
        Tasks.spawn(Future.ready(1)).join();
      }
    });
  }

  @Test
  void tasksAreRecordedWithTheirEnds() throws Exception {
    List<RecordedEvent> events = record(FlightRecordingTest::tasks, TASK);
    assertThat(events).allMatch(e -> e.getEventType().getName().equals(TASK))
        .allMatch(e -> e.getString("loop").equals("recorded")).hasSizeBetween(3 + STACKLESS - 1, 3 + STACKLESS);
    assertThat(events).anyMatch(e -> e.getString("name").equals("one") && e.getString("failure") == null);
    assertThat(events)
        .anyMatch(e -> e.getString("name").equals("fails") && e.getString("failure").endsWith("Exception"));
  }

  @Test
  void turnsAreRecordedWithoutHistograms() throws Exception {
    List<RecordedEvent> events = record(() -> {
      try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withName("turning"))) {
        for (int i = 0; i < STACKLESS; i++) {
          CountDownLatch ran = new CountDownLatch(1);
          epollo.loop().execute(ran::countDown); // what is submitted is taken once a turn
          ran.await();
        }
      }
    }, SLOW);
    assertThat(events).allMatch(e -> e.getString("loop").equals("turning"))
        .hasSizeGreaterThanOrEqualTo(STACKLESS - 1);
  }

  @Test
  void nothingIsRecordedThatNobodyAskedFor() throws Exception {
    assertThat(record(FlightRecordingTest::tasks)).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void aLoopThatIsHeldIsRecordedAndItsTurnIsSlow() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    EpolloOptions options = EpolloOptions.defaults().withHistograms(true)
        .withWatchdog(Duration.ofMillis(20), held -> {
          if (held.task() != null && held.task().name().equals("hog")) {
            told.countDown();
          }
        });
    List<RecordedEvent> events = record(() -> {
      try (Epollo epollo = Epollo.start(options)) {
        epollo.spawn("hog", () -> {
          while (told.getCount() > 0) {
            Thread.onSpinWait();
          }
        }).join();
      }
    }, HELD, SLOW);
    assertThat(events).anyMatch(e -> e.getEventType().getName().equals(HELD) && "hog".equals(e.getString("task"))
        && e.getDuration("held").toMillis() >= 20 && e.getString("stack").contains("FlightRecordingTest"));
    assertThat(events)
        .anyMatch(e -> e.getEventType().getName().equals(SLOW) && e.getDuration().toMillis() >= 20);
  }
}
