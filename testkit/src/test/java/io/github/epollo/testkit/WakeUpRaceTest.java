package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.DuplexStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hazard 1, without luck of the scheduler: one thread polls while another makes it possible, and a poll that answers "pending" must be woken. */
class WakeUpRaceTest {
  private static final int ROUNDS = 10_000;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private enum Race {
    READ_AND_WRITE, WRITE_AND_READ, READ_AND_SHUTDOWN, READ_AND_CLOSE, WRITE_AND_CLOSE;

    Future<Integer> waiting(DuplexStream end) throws IOException {
      if (this == WRITE_AND_READ || this == WRITE_AND_CLOSE) {
        end.write(ByteBuffer.allocate(1));
        return end.writeAsync(ByteBuffer.allocate(1));
      }
      return end.readAsync(ByteBuffer.allocate(1));
    }

    void makePossible(DuplexStream end) throws IOException {
      switch (this) {
        case READ_AND_WRITE -> end.write(ByteBuffer.allocate(1));
        case WRITE_AND_READ -> end.read(ByteBuffer.allocate(1));
        case READ_AND_SHUTDOWN -> end.shutdownOutput();
        case READ_AND_CLOSE, WRITE_AND_CLOSE -> end.close();
      }
    }
  }

  /** One round: the threads meet at {@code arrived}. */
  private static final class Round {
    private final DuplexStream.Pair pair = DuplexStream.pair(1);
    private final AtomicInteger arrived = new AtomicInteger();

    void meet() {
      arrived.incrementAndGet();
      for (int spins = 0; arrived.get() < 2; spins++) {
        if (spins < 1000) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
      for (int i = ThreadLocalRandom.current().nextInt(60); i > 0; i--) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsPendingIsWoken(Race race) throws Exception {
    Round[] rounds = new Round[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = new Round();
    }
    AtomicInteger finished = new AtomicInteger(); // rounds of the other thread
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> other = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().daemon().start(() -> {
      try {
        for (Round round : rounds) {
          round.meet();
          if (stop.get()) {
            break;
          }
          race.makePossible(round.pair.right());
          finished.incrementAndGet();
        }
        other.complete(null);
      } catch (Throwable t) {
        finished.set(ROUNDS);
        other.completeExceptionally(t);
      }
    });
    long end = System.nanoTime() + LIMIT_NANOS;
    int pending = 0;
    for (int i = 0; i < ROUNDS && !other.isCompletedExceptionally(); i++) {
      AtomicBoolean woken = new AtomicBoolean();
      Future<Integer> future = race.waiting(rounds[i].pair.left());
      stop.set(System.nanoTime() > end);
      rounds[i].meet();
      if (stop.get()) {
        break;
      }
      boolean isPending = future.poll(() -> woken.set(true)) instanceof Poll.Pending;
      while (finished.get() <= i) {
        Thread.onSpinWait();
      }
      if (isPending) {
        pending++;
        assertThat(woken).as("woken in round %s of %s", i, race).isTrue();
        assertThat(future.poll(() -> {})).isNotInstanceOf(Poll.Pending.class);
      }

    }
    other.get(30, TimeUnit.SECONDS);
    thread.join();
    assertThat(pending).isPositive();
  }
}
