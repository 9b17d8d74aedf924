package io.github.epollo.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FetcherTest {
  // @start region="server"
  private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.2", 80);

  /** Doubles the number it is sent; a connection that fails is forgotten. */
  private static void serve(World world) throws IOException {
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> {
          try (stream) {
            ByteBuffer number = ByteBuffer.allocate(4);
            stream.readFully(number);
            stream.writeFully(ByteBuffer.allocate(4).putInt(2 * number.getInt(0)).flip());
          } catch (IOException e) {
            // The client will ask again.
          }
        });
      }
    }
  }
  // @end

  // @start region="partition"
  @EpolloTest(virtualTime = true, seeds = 20)
  void goesOnAskingWhileTheNetworkIsDown(World world) throws IOException {
    long before = world.time().now();
    world.start("10.0.0.2", FetcherTest::serve);
    world.network().partition(world.host(Simulation.MAIN_HOST), world.host("10.0.0.2"), Duration.ofMinutes(10));

    assertThat(Fetcher.fetch(SERVER, 21)).isEqualTo(42);

    Duration passed = Duration.ofNanos(world.time().now() - before);
    assertThat(passed).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(10).plusSeconds(5));
  }
  // @end

  // @start region="faults"
  @Property(tries = 200)
  void isAnsweredInTheEndWhateverBreaks(@ForAll long seed, @ForAll("faults") Faults faults) {
    Simulation.ofSeed(seed).withFaults(faults).run(world -> {
      world.start("10.0.0.2", FetcherTest::serve);
      assertThat(Fetcher.fetch(SERVER, 21)).isEqualTo(42);
    });
  }

  @Provide
  Arbitrary<Faults> faults() {
    EnumSet<Fault> kinds = EnumSet.of(Fault.RESET, Fault.HALF_CLOSE, Fault.PARTITION, Fault.DELAY,
        Fault.CONNECTION_ABORTED);
    kinds.addAll(Fault.harmless());
    return EpolloArbitraries.faults(kinds);
  }
  // @end
}
