package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.Codec;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.runtime.io.Framed;
import io.github.epollo.runtime.io.LengthDelimitedCodec;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.testkit.ChunkedStream;
import io.github.epollo.testkit.Chunking;
import io.github.epollo.testkit.Schedule;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import io.github.epollo.timers.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Hazard 19: a framed stream of counters, whose sender and receiver are cancelled again and again, stays in step. */
class FramesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20); // for a try that would hang
  private static final Codec<Integer, Integer> COUNTERS = LengthDelimitedCodec.of(4).withFieldSize(2)
      .map(bytes -> ByteBuffer.wrap(bytes).getInt(), n -> ByteBuffer.allocate(4).putInt(n).array());

  @Provide
  Arbitrary<Chunking> chunkings() {
    return EpolloArbitraries.chunkings(60);
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    return EpolloArbitraries.schedules();
  }

  @Property(tries = 200)
  void stayInStepOnTheLoop(@ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(min = 1, max = 9) int capacity, @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> delays,
      @ForAll("chunkings") Chunking cuts, @ForAll("schedules") Schedule schedule, @ForAll boolean futures) {
    run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP).withReadyOrder(schedule.order()), count, capacity,
        delays, cuts, futures);
  }

  @Property(tries = 60)
  void stayInStepInParallel(@ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(min = 1, max = 9) int capacity, @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> delays,
      @ForAll("chunkings") Chunking cuts, @ForAll boolean futures) {
    run(EpolloOptions.defaults().withCarrier(CarrierChoice.SHARED), count, capacity, delays, cuts, futures);
  }

  private static void run(EpolloOptions options, int count, int capacity, List<Integer> delays, Chunking cuts,
      boolean futures) {
    DuplexStream.Pair pair = DuplexStream.pair(capacity);
    Framed<Integer, Integer> left = new Framed<>(new ChunkedStream(pair.left()).limitWrites(cuts), COUNTERS);
    Framed<Integer, Integer> right = new Framed<>(new ChunkedStream(pair.right()).limitReads(cuts), COUNTERS);
    List<Integer> received = new ArrayList<>();
    int[] sent = new int[1];
    Epollo.run(options, () -> Timers.withTimeout(LIMIT, () -> {
      Task<?> sender = Tasks.spawn(() -> supervise(delays, () -> {
        while (sent[0] < count) {
          if (futures) {
            left.writer().feedAsync(sent[0]).await();
          } else {
            left.writer().feed(sent[0]);
          }
          sent[0]++; // it was taken: whatever happens to the flush, the next one goes on with it
          if (futures) {
            left.writer().flushAsync().await();
          } else {
            left.writer().flush();
          }
        }
        left.writer().flush();
      }));
      supervise(delays.reversed(), () -> {
        while (received.size() < count) {
          received.add(futures ? right.receiveAsync().await() : right.receive());
        }
      });
      sender.join();
    }));
    assertThat(received).isEqualTo(IntStream.range(0, count).boxed().toList());
  }

  /** Spawns the body again and again, cancels it each time after the next delay, and then lets it run to its end. */
  private static void supervise(List<Integer> delays, Body body) {
    for (int delay : delays) {
      Task<?> task = Tasks.spawn(body);
      for (int i = 0; i < delay; i++) {
        Tasks.yieldNow();
      }
      task.cancel().await();
      try {
        task.join();
      } catch (CancellationException e) {
        // as it was told
      }
    }
    Tasks.spawn(body).join();
  }
}
