package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The model of each direction is the bytes themselves: what arrives is what was sent, whatever happens on the way. Hazards 19 and 33. */
class DuplexStreamPropertiesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20); // for a try that would hang

  @Provide
  Arbitrary<Chunking> chunkings() {
    return EpolloArbitraries.chunkings(20);
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    return EpolloArbitraries.schedules();
  }

  /** Bytes that all differ, so that one too many or too few shows. */
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  @Property(tries = 300)
  void bothDirectionsArriveUnchangedOnTheLoop(@ForAll @IntRange(max = 60) int requestLength,
      @ForAll @IntRange(max = 60) int responseLength, @ForAll @IntRange(min = 1, max = 12) int capacity,
      @ForAll("chunkings") Chunking reads, @ForAll("chunkings") Chunking writes, @ForAll("schedules") Schedule schedule,
      @ForAll boolean futures) {
    exchange(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP).withReadyOrder(schedule.order()),
        pattern(requestLength),
        pattern(responseLength),
        capacity, reads, writes, futures);
  }

  @Property(tries = 100)
  void bothDirectionsArriveUnchangedInParallel(@ForAll @IntRange(max = 60) int requestLength,
      @ForAll @IntRange(max = 60) int responseLength, @ForAll @IntRange(min = 1, max = 12) int capacity,
      @ForAll("chunkings") Chunking reads, @ForAll("chunkings") Chunking writes, @ForAll boolean futures) {
    exchange(EpolloOptions.defaults().withCarrier(CarrierChoice.SHARED), pattern(requestLength),
        pattern(responseLength), capacity, reads, writes,
        futures);
  }

  /** The request ends by a half-close, after which the response still goes on; that one ends by a close. */
  private static void exchange(EpolloOptions options, byte[] request, byte[] response, int capacity, Chunking reads,
      Chunking writes, boolean futures) {
    DuplexStream.Pair pair = DuplexStream.pair(capacity);
    ChunkedStream left = new ChunkedStream(pair.left()).limitWrites(writes);
    ChunkedStream right = new ChunkedStream(pair.right()).limitReads(reads).limitWrites(reads);
    Epollo.run(options, () -> Timers.withTimeout(LIMIT, () -> {
      Task<byte[]> client = Tasks.spawn(() -> readAll(left, response.length));
      Task<byte[]> server = Tasks.spawn(() -> readAll(right, request.length));
      Task<?> requesting = Tasks.spawn(() -> {
        writeAll(left, request, futures);
        left.shutdownOutput();
      });
      byte[] half = Arrays.copyOf(response, response.length / 2);
      byte[] rest = Arrays.copyOfRange(response, half.length, response.length);
      Task<?> responding = Tasks.spawn(() -> writeAll(right, half, futures));
      assertThat(server.join()).isEqualTo(request);
      requesting.join();
      responding.join();
      writeAll(right, rest, futures);
      right.close();
      assertThat(client.join()).isEqualTo(response);
    }));
  }

  private static void writeAll(AsyncByteChannel stream, byte[] bytes, boolean futures) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    if (futures) {
      stream.writeFullyAsync(source).await();
    } else {
      stream.writeFully(source);
    }
    assertThat(source.hasRemaining()).isFalse();
  }

  /** Up to the end of the stream, which must not come late: there is room for more. */
  private static byte[] readAll(AsyncByteChannel stream, int expected) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(expected + 10);
    while (stream.read(all) >= 0) {
      assertThat(all.hasRemaining()).isTrue();
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  /** Two futures polled in turns, as the list says; each is given up at its k-th wait and another one goes on with the same buffer. */
  @Property(tries = 300)
  void aFutureGivenUpAtItsKthWaitLosesNothing(@ForAll @IntRange(min = 1, max = 30) int length,
      @ForAll @IntRange(min = 1, max = 5) int capacity, @ForAll @IntRange(min = 1, max = 4) int kth,
      @ForAll("chunkings") Chunking cuts, @ForAll @Size(min = 1, max = 8) List<Boolean> turns) {
    byte[] bytes = pattern(length);
    DuplexStream.Pair pair = DuplexStream.pair(capacity);
    ChunkedStream left = new ChunkedStream(pair.left()).limitWrites(cuts);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    ByteBuffer target = ByteBuffer.allocate(bytes.length + 1);
    Future<?> write = null;
    Future<Integer> read = null;
    int writeWaits = 0;
    int readWaits = 0;
    for (int turn = 0; target.position() < bytes.length; turn++) {
      assertThat(turn).as("turns").isLessThan(10_000);
      boolean writes = turns.get(turn % turns.size()) ^ (turn / turns.size() % 2 == 1);
      if (writes && source.hasRemaining()) {
        write = write == null ? left.writeFullyAsync(source) : write;
        if (!(write.poll(() -> {}) instanceof Poll.Pending)) {
          write = null;
        } else if (++writeWaits % kth == 0) {
          write.close();
          write = null;
        }
      } else if (!writes) {
        read = read == null ? pair.right().readAsync(target) : read;
        if (!(read.poll(() -> {}) instanceof Poll.Pending)) {
          read = null;
        } else if (++readWaits % kth == 0) {
          read.close();
          read = null;
        }
      }
    }
    assertThat(Arrays.copyOf(target.array(), bytes.length)).isEqualTo(bytes);
  }

  @Property(tries = 200)
  void tasksCancelledAtAnyTimeLoseNothingOnTheLoop(@ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 5) int capacity, @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> delays,
      @ForAll("schedules") Schedule schedule, @ForAll boolean futures) {
    cancelled(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP).withReadyOrder(schedule.order()),
        pattern(length),
        capacity,
        delays, futures);
  }

  @Property(tries = 100)
  void tasksCancelledAtAnyTimeLoseNothingInParallel(@ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 5) int capacity, @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> delays,
      @ForAll boolean futures) {
    cancelled(EpolloOptions.defaults().withCarrier(CarrierChoice.SHARED), pattern(length), capacity, delays, futures);
  }

  private static void cancelled(EpolloOptions options, byte[] bytes, int capacity, List<Integer> delays,
      boolean futures) {
    DuplexStream.Pair pair = DuplexStream.pair(capacity);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    ByteBuffer target = ByteBuffer.allocate(bytes.length);
    Epollo.run(options, () -> Timers.withTimeout(LIMIT, () -> {
      Task<?> writer = Tasks.spawn(() -> supervise(delays, () -> {
        while (source.hasRemaining()) {
          if (futures) {
            pair.left().writeAsync(source).await();
          } else {
            int _ = pair.left().write(source);
          }
        }
      }));
      supervise(delays.reversed(), () -> {
        if (futures) {
          pair.right().readFullyAsync(target).await();
        } else {
          pair.right().readFully(target);
        }
      });
      writer.join();
    }));
    assertThat(target.array()).isEqualTo(bytes);
  }

  /** Spawns the body again and again, cancels it each time after the next delay, and then lets it run to its end. */
  private static void supervise(List<Integer> delays, Body body) {
    AtomicInteger unexpected = new AtomicInteger();
    for (int delay : delays) {
      Task<?> task = Tasks.spawn(() -> {
        try {
          body.run();
        } catch (CancellationException e) {
          throw e;
        } catch (Throwable t) {
          unexpected.incrementAndGet();
          throw t;
        }
      });
      for (int i = 0; i < delay; i++) {
        Tasks.yieldNow();
      }
      task.cancel().await();
      assertThat(unexpected).hasValue(0);
    }
    Tasks.spawn(body).join();
  }
}
