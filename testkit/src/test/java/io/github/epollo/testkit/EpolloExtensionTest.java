package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Timers;
import java.io.FileNotFoundException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the methods of {@link Cases} as JUnit would, and looks at what becomes of them. */
class EpolloExtensionTest {
  /** What {@link Cases} inherits. */
  static class Inherited {
    @EpolloTest(virtualTime = true)
    void failsInASubclass() {
      throw new IllegalStateException("inherited");
    }
  }

  /** Not found by itself: its name is no test's. */
  static class Cases extends Inherited {
    static final List<Long> SEEDS = new ArrayList<>();
    static final List<Object> KEPT = new ArrayList<>();

    @EpolloTest
    void runsAsTask() {
      assertThat(Loop.current()).isNotNull();
      Timers.sleep(Duration.ofMillis(1));
      assertThat(Tasks.current().name()).isEqualTo("runsAsTask");
    }

    @EpolloTest(virtualTime = true)
    void sleepsADay(World world) {
      long before = world.time().now();
      Timers.sleep(Duration.ofDays(1));
      assertThat(world.time().now() - before).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @EpolloTest(virtualTime = true, seeds = 3, harmlessFaults = 0.1)
    void runsWithEachSeed(World world) {
      SEEDS.add(world.seed());
    }

    @EpolloTest
    void throwsWhatItThrows() throws Exception {
      throw new FileNotFoundException("as it is");
    }

    @EpolloTest(virtualTime = true)
    void throwsWhatItThrowsWithAReport() throws Exception {
      throw new FileNotFoundException("as it is");
    }

    @EpolloTest(limitSeconds = 1)
    void hangs() {
      Tasks.spawn("the culprit", () -> Future.pending().await());
      Future.pending().await();
    }

    @EpolloTest(virtualTime = true)
    void hangsInVirtualTime() {
      Future.pending().await();
    }

    @EpolloTest
    void leavesFds() throws Exception {
      KEPT.add(Pipe.open());
    }

    @EpolloTest
    void leavesATimer() {
      Object _ = Timers.sleepAsync(Duration.ofHours(1)).poll(() -> {});
    }

    @EpolloTest
    void leavesAThread() {
      Thread thread = new Thread(() -> {
        try {
          Thread.sleep(20_000);
        } catch (InterruptedException e) {
          // told to end
        }
      }, "left");
      thread.setDaemon(false); // a thread made by a task is a daemon otherwise
      thread.start();
      KEPT.add(thread);
    }

    @EpolloTest
    void wantsAWorldOnTheRealKernel(World world) {
      world.seed();
    }

    @EpolloTest(seeds = 2)
    void asksForSeedsOnTheRealKernel() {}

    @EpolloTest(virtualTime = true, seeds = 0)
    void asksForNoSeeds() {}
  }

  private static EngineExecutionResults run(String method) throws Exception {
    for (java.lang.reflect.Method m : Cases.class.getDeclaredMethods()) {
      if (m.getName().equals(method)) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectMethod(Cases.class, m)).execute();
      }
    }
    for (java.lang.reflect.Method m : Inherited.class.getDeclaredMethods()) {
      if (m.getName().equals(method)) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectMethod(Cases.class, m)).execute();
      }
    }
    throw new IllegalArgumentException(method);
  }

  private static void assertPasses(String method, int times) throws Exception {
    run(method).testEvents().assertStatistics(s -> s.started(times).succeeded(times));
  }

  private static Throwable failureOf(String method) throws Exception {
    return run(method).allEvents().failed().stream()
        .map(
            e -> e.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class).getThrowable().orElseThrow())
        .findFirst().orElseThrow();
  }

  @Test
  void theBodyIsATask() throws Exception {
    assertPasses("runsAsTask", 1);
  }

  @Test
  void virtualTimeIfAsked() throws Exception {
    assertPasses("sleepsADay", 1);
  }

  @Test
  void onceForEachSeed() throws Exception {
    Cases.SEEDS.clear();
    assertPasses("runsWithEachSeed", 3);
    assertThat(Cases.SEEDS).containsExactly(1L, 2L, 3L);
  }

  @Test
  void onceWithTheSeedOfTheProperty() throws Exception {
    Cases.SEEDS.clear();
    System.setProperty(Simulation.SEED_PROPERTY, "77");
    try {
      assertPasses("runsWithEachSeed", 1);
    } finally {
      System.clearProperty(Simulation.SEED_PROPERTY);
    }
    assertThat(Cases.SEEDS).containsExactly(77L);
  }

  @Test
  void whatTheBodyThrowsArrivesAsItIs() throws Exception {
    assertThat(failureOf("throwsWhatItThrows")).isInstanceOf(FileNotFoundException.class).hasMessage("as it is");
    Throwable simulated = failureOf("throwsWhatItThrowsWithAReport");
    assertThat(simulated).isInstanceOf(FileNotFoundException.class).hasMessage("as it is");
    assertThat(simulated.getSuppressed()).singleElement().asString()
        .contains(
            "mvn test -Dtest='io.github.epollo.testkit.EpolloExtensionTest$Cases#throwsWhatItThrowsWithAReport' -Depollo.seed=1");
  }

  @Test
  void theCommandNamesTheClassThatRuns() throws Exception {
    assertThat(failureOf("failsInASubclass").getSuppressed()).singleElement().asString()
        .contains("-Dtest='io.github.epollo.testkit.EpolloExtensionTest$Cases#failsInASubclass'");
  }

  @Test
  void aWorldNeedsVirtualTime() throws Exception {
    assertThat(failureOf("wantsAWorldOnTheRealKernel")).hasMessageContaining("add virtualTime = true");
  }

  @Test
  void theLimitDumpsAllTasks() throws Exception {
    assertThat(failureOf("hangs")).isInstanceOf(AssertionError.class)
        .hasMessageContaining("not ended within PT1S")
        .hasMessageContaining("task the culprit (waiting for ")
        .hasMessageContaining("EpolloExtensionTest$Cases.hangs(");
    assertThat(failureOf("hangsInVirtualTime")).isInstanceOf(AssertionError.class)
        .hasMessageContaining("nothing can happen any more")
        .hasMessageContaining("EpolloExtensionTest$Cases.hangsInVirtualTime(");
  }

  @Test
  void whatIsLeftOpenFails() throws Exception {
    assertThat(failureOf("leavesFds")).isInstanceOf(AssertionError.class).hasMessageContaining("file descriptors [")
        .hasMessageContaining("pipe:");
    ((Pipe) Cases.KEPT.removeFirst()).source().close();
  }

  @Test
  void aTimerThatIsLeftFails() throws Exception {
    assertThat(failureOf("leavesATimer")).isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 timers that are armed");
  }

  @Test
  void aThreadThatIsLeftFails() throws Exception {
    assertThat(failureOf("leavesAThread")).isInstanceOf(AssertionError.class).hasMessageContaining("threads [")
        .hasMessageContaining("left");
    Thread left = (Thread) Cases.KEPT.removeFirst();
    left.interrupt();
    left.join();
  }

  @Test
  void badSettingsAreNamed() throws Exception {
    assertThat(failureOf("asksForSeedsOnTheRealKernel")).isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageContaining("virtualTime = true");
    assertThat(failureOf("asksForNoSeeds")).isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageContaining("seeds = 0");
  }
}
