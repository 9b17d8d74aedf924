package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.sync.Channel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hazards 3 and 22: runtimes that come and go, while others hand them work. */
@ExtendWith(NoLeaks.class)
final class StartStopTest {
  /** Opens and closes the numbers of closed eventfds all the time: a stranger who must never see a byte. */
  private static final class Decoys implements AutoCloseable {
    private static final int FLAGS = FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC;

    private final LinuxKernel kernel = LinuxKernel.get();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger stray = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().name("test-decoys").start(this::run);

    private void run() {
      try (Arena arena = Arena.ofConfined()) {
        long buffer = arena.allocate(8, 8).address();
        int[] open = new int[8];
        while (!stop.get()) {
          for (int i = 0; i < open.length; i++) {
            open[i] = kernel.eventfd(0, FLAGS);
          }
          for (int fd : open) {
            if (kernel.read(fd, buffer, 8) != -Errno.EAGAIN) {
              stray.incrementAndGet();
            }
            kernel.close(fd);
          }
        }
      }
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(stray).as("bytes that a stranger got").hasValue(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 4000", "3, 400"})
  @Timeout(120)
  void submitRacesCloseWithoutHittingAStranger(int loops, int rounds) {
    createSubmitClose(loops, rounds);
  }

  @ParameterizedTest
  @CsvSource({"1, 100000", "2, 100000"})
  @Tag("soak")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void submitRacesCloseForLong(int loops, int rounds) {
    createSubmitClose(loops, rounds);
  }

  /** Work for loops that are being closed runs, on the loop or elsewhere, and reaches nobody else. */
  private static void createSubmitClose(int loops, int rounds) {
    EpolloOptions options = EpolloOptions.defaults().withLoops(loops);
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger submitted = new AtomicInteger();
    Semaphore turn = new Semaphore(0);
    Epollo[] current = new Epollo[1];
    try (Decoys decoys = new Decoys()) {
      assertThat(decoys.stray).hasValue(0);
      Thread submitter = Thread.ofPlatform().name("test-submitter").start(() -> {
        for (int i = 0; i < rounds; i++) {
          turn.acquireUninterruptibly();
          for (int n = 0; n < 3; n++) {
            for (Loop loop : current[0].loops()) {
              loop.execute(ran::incrementAndGet);
              loop.executeMovable(ran::incrementAndGet);
              submitted.addAndGet(2);
            }
          }
        }
      });
      int eachRound = 6 * loops;
      for (int i = 1; i <= rounds; i++) {
        current[0] = Epollo.start(options);
        turn.release();
        current[0].close();
        while (submitted.get() < eachRound * i) {
          Thread.onSpinWait();
        }
      }
      try {
        submitter.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      while (ran.get() < submitted.get()) { // what came too late goes on elsewhere
        Thread.onSpinWait();
      }
      assertThat(ran).hasValue(eachRound * rounds);
    }
  }

  /** Runtimes know nothing of each other: their tasks talk, and they are closed in any order, by anybody. */
  @Test
  @Timeout(60)
  void manyRuntimesInOneProcess() throws Exception {
    int count = 8;
    List<Epollo> runtimes = new ArrayList<>();
    List<Channel<Integer>> ring = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runtimes.add(Epollo.start(EpolloOptions.defaults().withLoops(1 + i % 3)));
      ring.add(Channel.bounded(1));
    }
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Channel<Integer> in = ring.get(i);
      Channel<Integer> out = ring.get((i + 1) % count);
      tasks.add(runtimes.get(i).spawn(() -> {
        for (int round = 0; round < 200; round++) {
          out.send(in.receive() + 1);
        }
      }));
      tasks.add(runtimes.get(i).spawn(Channel.<Integer>bounded(1).receiveAsync())); // pending until the end
    }
    ring.getFirst().trySend(0);
    for (int i = 0; i < count; i++) {
      tasks.get(2 * i).join();
    }
    assertThat(ring.getFirst().receive()).isEqualTo(200 * count);
    Collections.shuffle(runtimes, new Random(1));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> closers = new ArrayList<>();
    for (Epollo runtime : runtimes) {
      closers.add(EpolloContract.thread(failure, runtime::close));
    }
    for (Thread closer : closers) {
      closer.join();
    }
    assertThat(failure).hasNullValue();
    assertThat(tasks).allMatch(Task::isDone);
  }
}
