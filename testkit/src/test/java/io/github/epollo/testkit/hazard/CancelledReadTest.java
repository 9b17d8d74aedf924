package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hazard 19: a reader of frames is stopped at its first wait, at its second, and so on until it runs through; the stream stays in sync each time. */
class CancelledReadTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final Duration PERIOD = Duration.ofMillis(1);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int FRAMES = 3;
  private static final int SIZE = Integer.BYTES;

  private enum Read {
    FULLY, VECTORS, FUTURE;

    void into(TcpStream stream, ByteBuffer frame) throws IOException {
      switch (this) {
        case FULLY -> stream.readFully(frame);
        case FUTURE -> stream.readFullyAsync(frame).await();
        case VECTORS -> {
          while (frame.hasRemaining()) {
            int half = frame.remaining() / 2;
            ByteBuffer head = frame.slice(frame.position(), half);
            ByteBuffer tail = frame.slice(frame.position() + half, frame.remaining() - half);
            try {
              long _ = stream.read(new ByteBuffer[]{head, tail});
            } finally {
              frame.position(frame.position() + head.position() + tail.position());
            }
          }
        }
      }
    }
  }

  /** What a reader has of the stream, and leaves to the next one. */
  private static final class Progress {
    final ByteBuffer frame = ByteBuffer.allocate(SIZE);
    int frames;
    int stops;
  }

  /** {@code offset} is the time between the arrival of a byte and the stop, in microseconds: at 0 the loop learns of both at once, and the seed decides. */
  @ParameterizedTest
  @CsvSource({"FULLY, -500", "VECTORS, -500", "FUTURE, -500", "FULLY, 0", "VECTORS, 0", "FUTURE, 0"})
  void aCancelAtAnyWaitLosesNothing(Read read, long offset) {
    int k = 1;
    while (run(read, k, (stream, progress, time) -> {
      Task<?> reader = Tasks.spawn(() -> {
        try {
          readAll(read, stream, progress);
        } catch (CancellationException e) {
          progress.stops++;
        }
      });
      Timers.sleepUntil(time + offset * 1_000);
      reader.close();
      reader.join();
    }).stops > 0) {
      k++;
    }
    assertThat(k).isGreaterThanOrEqualTo(FRAMES * SIZE);
  }

  /** As above, by a deadline. */
  @ParameterizedTest
  @CsvSource({"FULLY, -500", "VECTORS, -500", "FUTURE, -500", "FULLY, 0", "VECTORS, 0", "FUTURE, 0"})
  void aDeadlineAtAnyWaitLosesNothing(Read read, long offset) {
    int k = 1;
    while (run(read, k, (stream, progress, time) -> {
      Duration limit = Duration.ofNanos(time + offset * 1_000 - io.github.epollo.runtime.loop.Loop.current().now());
      try {
        Timers.withTimeout(limit, () -> readAll(read, stream, progress));
      } catch (DeadlineExceededException e) {
        progress.stops++;
      }
    }).stops > 0) {
      k++;
    }
    assertThat(k).isGreaterThanOrEqualTo(FRAMES * SIZE);
  }

  private interface Stopped {
    /** Reads, and is stopped at about {@code time}. */
    void read(TcpStream stream, Progress progress, long time) throws Exception;
  }

  /** Byte number n comes n + 1 periods after the connection was accepted. */
  private static Progress run(Read read, int k, Stopped stopped) {
    Progress progress = new Progress();
    Simulation.ofSeed(k).withLimit(LIMIT).run(world -> {
      world.network().latency(PERIOD);
      world.start("10.0.0.2", CancelledReadTest::send);
      Timers.sleep(PERIOD);
      try (TcpStream stream = Dial.to(SERVER)) {
        long arrival = world.time().now() + k * PERIOD.toNanos();
        Task<?> leaping = Tasks.spawn(() -> leap(world, arrival));
        stopped.read(stream, progress, arrival);
        leaping.join();
        readAll(read, stream, progress);
        assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    });
    assertThat(progress.frames).isEqualTo(FRAMES);
    return progress;
  }

  /** Has what is to happen around {@code arrival} happen together. */
  private static void leap(World world, long arrival) {
    Timers.sleepUntil(arrival - 10_000);
    world.time().jump(Duration.ofNanos(20_000));
  }

  private static void send(World world) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER); TcpStream stream = listener.accept()) {
      ByteBuffer all = ByteBuffer.allocate(FRAMES * SIZE);
      for (int i = 0; i < FRAMES; i++) {
        all.putInt(0x01020304 * i);
      }
      for (int n = 0; n < all.capacity(); n++) {
        Timers.sleep(PERIOD);
        stream.writeFully(all.slice(n, 1));
      }
    }
  }

  private static void readAll(Read read, TcpStream stream, Progress progress) throws IOException {
    while (progress.frames < FRAMES) {
      read.into(stream, progress.frame);
      assertThat(progress.frame.flip().getInt()).isEqualTo(0x01020304 * progress.frames);
      progress.frame.clear();
      progress.frames++;
    }
  }
}
