package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Faults at rates that leave no room for anything else strike where they may, and let the simulation come to its end. */
class FaultRatesTest {
  @Test
  void theGroundThatATestStandsOnIsSpared() {
    for (int seed = 0; seed < 100; seed++) {
      Simulation.ofSeed(seed).withFaults(Faults.all(0.05)).run(_ -> Timers.sleep(Duration.ofSeconds(1)));
    }
  }

  @Test
  void whatFailsAlwaysFailsFromTheFirstCallOfTheBody() {
    Simulation.ofSeed(1).withFaults(Faults.none().with(Fault.OUT_OF_FDS, 1)).run(_ -> {
      Timers.sleep(Duration.ofSeconds(1));
      assertThatThrownBy(() -> TcpListener.bind(new InetSocketAddress(Simulation.MAIN_HOST, 80)))
          .isInstanceOf(IOException.class).hasMessageContaining("EMFILE");
    });
  }

  @Test
  void everyHarmlessFaultAlways_getsSomewhere() {
    assertThatCode(() -> Simulation.ofSeed(1).withLimit(Duration.ofSeconds(20)).withFaults(Faults.harmless(1))
        .run(_ -> Timers.sleep(Duration.ofSeconds(1)))).doesNotThrowAnyException();
  }

  @Test
  void timeThatMovesWhenToldTo_doesNotJump() {
    Simulation.ofSeed(1).withManualTime().withFaults(Faults.none().with(Fault.CLOCK_JUMP, 1)).run(world -> {
      long before = world.time().now();
      for (int i = 0; i < 20; i++) {
        Tasks.spawn(() -> {}).join();
        world.time().runCurrent();
      }
      assertThat(world.time().now()).isEqualTo(before);
    });
  }

  @Test
  void thereAreAsManyCalmsAsAreNotClosed() {
    Simulation.ofSeed(1).withFaults(Faults.none().with(Fault.OUT_OF_FDS, 1)).run(world -> {
      World.Calm outer = world.calm();
      World.Calm inner = world.calm();
      inner.close();
      inner.close();
      TcpListener.bind(new InetSocketAddress(Simulation.MAIN_HOST, 80)).close();
      outer.close();
      assertThatThrownBy(() -> TcpListener.bind(new InetSocketAddress(Simulation.MAIN_HOST, 80)))
          .hasMessageContaining("EMFILE");
    });
  }

  @Test
  void whatHoldsTheTimeIsNamed() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).withStallLimit(Duration.ofMillis(200)).run(world -> {
      VirtualTime.Hold _ = world.time().hold();
      Timers.sleep(Duration.ofSeconds(1));
    })).isInstanceOf(AssertionError.class).hasMessageContaining("nothing can happen any more")
        .hasMessageContaining("VirtualTime.hold()");
  }

  @Test
  void linuxHasBuffersForWhatIsNoSocket() {
    FaultDraw draw = new FaultDraw(Faults.none().with(Fault.NO_BUFFERS, 1), new java.util.SplittableRandom(1),
        new Trace(() -> 0));
    FaultyKernel kernel = new FaultyKernel(new SimNetwork().host("10.0.0.1"), draw, new NoMishaps());
    assertThat(kernel.epollCreate(0)).isNotNegative();
    assertThat(kernel.eventfd(0, 0)).isNotNegative();
    assertThat(kernel.timerfdCreate(1, 0)).isNotNegative();
    assertThat(kernel.socket(2, 1, 0)).isEqualTo(-io.github.epollo.runtime.kernel.Errno.ENOBUFS);
  }
}
