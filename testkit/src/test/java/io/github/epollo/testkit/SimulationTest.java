package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.timers.Timers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class SimulationTest {
  @Test
  void aDayTakesNoTime() {
    long before = System.nanoTime();
    Simulation.ofSeed(1).run(world -> {
      long start = world.time().now();
      Timers.sleep(Duration.ofDays(1));
      assertThat(world.time().now() - start).isEqualTo(Duration.ofDays(1).toNanos());
    });
    assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(20).toNanos());
  }

  /** Same seed, same run: the traces of two hosts, their faults and all, are equal to the last byte. */
  @Property(tries = 20)
  void theSameSeedIsTheSameRun(@ForAll long seed) {
    String first = trace(seed, Faults.harmless(0.05));

    assertThat(trace(seed, Faults.harmless(0.05))).isEqualTo(first);
  }

  @Test
  void anotherSeedIsAnotherRun() {
    assertThat(trace(1, Faults.none())).isNotEqualTo(trace(2, Faults.none()));
  }

  private static String trace(long seed, Faults faults) {
    AtomicInteger served = new AtomicInteger();
    Trace trace = Simulation.ofSeed(seed).withFaults(faults).run(world -> {
      world.start("10.0.0.2", w -> serve(served));
      List<Task<?>> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(Tasks.spawn(SimulationTest::askUntilAnswered));
      }
      clients.forEach(Task::join);
    });
    assertThat(served).hasValue(3);
    return trace.toString();
  }

  private static void serve(AtomicInteger served) throws Exception {
    try (TcpListener listener = TcpListener.bind(new InetSocketAddress("10.0.0.2", 80))) {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> {
          try (stream) {
            ByteBuffer bytes = ByteBuffer.allocate(1_000);
            stream.readFully(bytes);
            Timers.sleep(Duration.ofMillis(5));
            stream.writeFully(bytes.flip());
            served.incrementAndGet();
          }
        });
      }
    }
  }

  private static void askUntilAnswered() throws Exception {
    while (true) {
      try (TcpStream stream = TcpStream.connect(new InetSocketAddress("10.0.0.2", 80))) {
        stream.writeFully(ByteBuffer.allocate(1_000));
        stream.readFully(ByteBuffer.allocate(1_000));
        return;
      } catch (java.net.ConnectException e) {
        Timers.sleep(Duration.ofMillis(100)); // the other host is not up yet
      }
    }
  }

  @Test
  void aFailureTellsTheSeedAndWhatHappenedLast() {
    assertThatThrownBy(() -> Simulation.ofSeed(42).run(_ -> {
      Timers.sleep(Duration.ofHours(1));
      throw new IllegalArgumentException("wrong");
    })).isInstanceOf(IllegalArgumentException.class).hasMessage("wrong").satisfies(e -> assertThat(e.getSuppressed()[0])
        .isInstanceOf(SimulationReport.class)
        .hasMessageContaining("mvn test -Dtest='io.github.epollo.testkit.SimulationTest#")
        .hasMessageNotContaining("-Depollo.seed") // ofSeed does not ask for it
        .hasMessageContaining("Simulation.ofSeed(42L)")
        .hasMessageContaining("10.0.0.1 timerfdSettime("));
  }

  @Test
  void aFailureTellsThePropertyWhereItCounts() {
    Simulation simulation = Simulation.ofRandomSeed().withManualTime().withLimit(Duration.ofSeconds(9));
    assertThatThrownBy(() -> simulation.run(_ -> {
      throw new IllegalArgumentException("wrong");
    })).satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("-Depollo.seed=" + simulation.seed));
  }

  @Test
  void anAssumptionThatDoesNotHoldIsNoFailureToReport() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(_ -> Assumptions.assumeTrue(false)))
        .isInstanceOf(TestAbortedException.class).hasNoSuppressedExceptions();
  }

  @Test
  void whatCanNeverEndIsToldWithItsTasks() {
    assertThatThrownBy(
        () -> Simulation.ofSeed(1).withStallLimit(Duration.ofMillis(200)).run(_ -> Future.pending().await()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nothing can happen any more")
        .hasMessageContaining("main of 10.0.0.1")
        .hasMessageContaining("Future.await");
  }

  @Test
  void whatRunsForEverIsToldWithItsTasks() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).withLimit(Duration.ofMillis(300)).run(_ -> {
      while (true) {
        Timers.sleep(Duration.ofSeconds(1));
      }
    })).isInstanceOf(AssertionError.class).hasMessageContaining("has not ended within PT0.3S");
  }

  @Test
  void anOpenSocketIsALeak() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(world -> {
      int _ = world.host(Simulation.MAIN_HOST).eventfd(0, 0);
    })).isInstanceOf(AssertionError.class).hasMessageContaining("left open at the end: 10.0.0.1 has [");
  }

  @Test
  void aTimerThatNobodyWaitsForIsALeak() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(_ -> {
      Object _ = Timers.sleepAsync(Duration.ofHours(1)).poll(() -> {});
    })).isInstanceOf(AssertionError.class).hasMessageContaining("1 timers that are armed");
  }

  @Test
  void withManualTimeNothingMovesUntilToldTo() {
    Simulation.ofSeed(1).withManualTime().run(world -> {
      List<Integer> woken = new ArrayList<>();
      for (int seconds = 1; seconds <= 3; seconds++) {
        int number = seconds;
        Tasks.spawn(() -> {
          Timers.sleep(Duration.ofSeconds(number));
          woken.add(number);
        });
      }
      world.time().runCurrent();
      assertThat(woken).isEmpty();
      world.time().advance(Duration.ofSeconds(1).minusNanos(1));
      assertThat(woken).isEmpty();
      world.time().advance(Duration.ofMillis(1));
      assertThat(woken).containsExactly(1);
      world.time().advanceUntilIdle();
      assertThat(woken).containsExactly(1, 2, 3);
    });
  }
}
