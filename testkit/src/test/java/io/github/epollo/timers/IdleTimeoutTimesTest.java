package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** When idle timeouts pass, in virtual time. */
class IdleTimeoutTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofMillis(20);

  @EpolloTest(virtualTime = true, seeds = 5)
  void withoutATouch_theBodyIsStopped_afterTheLimit() {
    Stopwatch watch = new Stopwatch();
    assertThatThrownBy(() -> Timers.withIdleTimeout(LIMIT, _ -> Timers.sleep(HOUR)))
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageStartingWith("nothing has happened for PT0.02S while waiting for a sleep");
    watch.shows(LIMIT);
    assertThat(Thread.interrupted()).isFalse();
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void eachTouch_putsItOff_aWholeLimit() {
    Stopwatch watch = new Stopwatch();
    int[] touches = new int[1];
    assertThatThrownBy(() -> Timers.withIdleTimeout(LIMIT, idle -> {
      for (; touches[0] < 7; touches[0]++) {
        Timers.sleep(Duration.ofMillis(5));
        idle.touch();
      }
      Timers.sleep(HOUR);
    })).isInstanceOf(DeadlineExceededException.class);
    assertThat(touches[0]).isEqualTo(7);
    watch.shows(Duration.ofMillis(7 * 5 + 20), 8);
  }

  /** The touch comes in the last moment, over and over, for a day. */
  @EpolloTest(virtualTime = true, seeds = 3)
  void touchesJustInTime_keepItUpForADay() {
    Duration limit = Duration.ofMinutes(10);
    Stopwatch watch = new Stopwatch();
    Stopwatch[] last = new Stopwatch[1];
    assertThatThrownBy(() -> Timers.withIdleTimeout(limit, idle -> {
      while (watch.nanos() < Duration.ofDays(1).toNanos()) {
        Timers.sleep(limit.minusNanos(2 * Stopwatch.TICK_NANOS));
        last[0] = new Stopwatch();
        idle.touch();
      }
      Timers.sleep(HOUR);
    })).isInstanceOf(DeadlineExceededException.class);
    last[0].shows(limit);
    assertThat(watch.nanos()).isGreaterThan(Duration.ofDays(1).toNanos());
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void anotherTask_mayTouch() {
    AtomicReference<IdleTimeout> shared = new AtomicReference<>();
    AtomicReference<Stopwatch> last = new AtomicReference<>();
    Task<?> toucher = Tasks.spawn(() -> {
      for (int i = 0; i < 10; i++) {
        Timers.sleep(Duration.ofMillis(400));
        last.set(new Stopwatch());
        shared.get().touch();
      }
    });
    assertThatThrownBy(() -> Timers.withIdleTimeout(Duration.ofSeconds(1), idle -> {
      shared.set(idle);
      Timers.withIdleTimeout(HOUR, _ -> toucher.join());
      Timers.sleep(HOUR);
    })).hasMessageContaining("PT1S");
    last.get().shows(Duration.ofSeconds(1));
  }

  /** A peer sends a byte each 3.6 s. The timer is set at the start, for the rest each time it fires, and never by a touch. */
  @EpolloTest(virtualTime = true, seeds = 3)
  void aMillionTouchesInAnHour_costOneSettimeALimit(World world) throws IOException {
    int messages = 1_000;
    int touches = 1_000; // for each message
    Duration pause = HOUR.dividedBy(messages);
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(Simulation.MAIN_HOST), 80);
    try (TcpListener listener = TcpListener.bind(address)) {
      world.start("10.0.0.2", _ -> send(address, messages, pause));
      try (TcpStream stream = listener.accept()) {
        Stopwatch watch = new Stopwatch();
        Timers.withIdleTimeout(Duration.ofMinutes(10), idle -> {
          ByteBuffer message = ByteBuffer.allocate(1);
          while (stream.read(message.clear()) >= 0) {
            for (int i = 0; i < touches; i++) {
              idle.touch();
            }
          }
        });
        assertThat(watch.nanos()).isBetween(HOUR.toNanos(), HOUR.plusSeconds(10).toNanos());
      }
    }
    assertThat(settimes(world)).hasSizeBetween(2, 1 + 6);
  }

  /** As long as other work keeps the loop from waiting, the timer is not even set. */
  @EpolloTest(virtualTime = true)
  void aMillionTouchesInAnHour_ofALoopThatIsAlwaysBusy_costNone(World world) {
    int touches = 1_000_000;
    Duration step = HOUR.dividedBy(touches);
    Stopwatch watch = new Stopwatch();
    Timers.withIdleTimeout(Duration.ofMinutes(10), idle -> {
      for (int i = 1; i <= touches; i++) {
        world.time().jump(step);
        idle.touch();
        if (i % 1_000 == 0) {
          Tasks.yieldNow();
        }
      }
    });
    watch.showsExactly(HOUR);
    assertThat(settimes(world)).isEmpty();
  }

  private static void send(InetSocketAddress to, int messages, Duration pause) throws IOException {
    try (TcpStream stream = TcpStream.connect(to)) {
      for (int i = 0; i < messages; i++) {
        Timers.sleep(pause);
        stream.writeFully(ByteBuffer.allocate(1));
      }
    }
  }

  private static List<String> settimes(World world) {
    assertThat(world.trace().count()).as("all events are kept").isLessThan(20_000);
    return world.trace().last(20_000).stream().filter(line -> line.contains(Simulation.MAIN_HOST + " timerfdSettime"))
        .toList();
  }

  @EpolloTest(virtualTime = true)
  void theBodysEnd_leavesNoTimer_andTouchIsWithoutEffect() {
    AtomicReference<IdleTimeout> kept = new AtomicReference<>();
    assertThatThrownBy(() -> Timers.withIdleTimeout(HOUR, idle -> {
      kept.set(idle);
      throw new IOException("its own");
    })).isInstanceOf(IOException.class);
    kept.get().touch();
    assertThat(Timers.armed()).isZero();
    Timers.sleep(HOUR.multipliedBy(2)); // and nobody is stopped
    assertThat(Timers.armed()).isZero();
  }
}
