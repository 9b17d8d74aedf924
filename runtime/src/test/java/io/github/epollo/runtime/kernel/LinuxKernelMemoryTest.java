package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Memory that a native call reads or writes is neither freed nor shared while it runs (hazard 26). */
class LinuxKernelMemoryTest extends KernelTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 5_000;

  @Test
  void structsOfCallsSurviveAGarbageCollectionStorm() throws InterruptedException {
    // One slot only, so that most blocks are allocated for one call and dropped after it.
    LinuxKernel crowded = LinuxKernel.load(Platform.current(), LinuxKernel::bind, new NativeBlocks(1));
    AtomicInteger wrong = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    Thread storm = Thread.ofPlatform().start(() -> storm(done));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int epoll = epoll();
      int event = own(kernel.eventfd(1, FileFlags.EFD_CLOEXEC));
      EpollEvents events = new EpollEvents(arena, 1);
      assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, event, 0, 0)).isZero();
      long base = (long) t << 32;
      Runnable work = () -> work(crowded, epoll, event, events, base, wrong);
      threads.add(t % 2 == 0 ? Thread.ofPlatform().unstarted(work) : Thread.ofVirtual().unstarted(work));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    done.set(true);
    storm.join();
    assertThat(wrong).hasValue(0);
  }

  private static void work(
      LinuxKernel kernel, int epoll, int event, EpollEvents events, long base, AtomicInteger wrong) {
    for (int i = 0; i < ROUNDS; i++) {
      boolean right = kernel.epollCtl(epoll, Epoll.CTL_MOD, event, Epoll.IN, base + i) == 0
          && kernel.epollWait(epoll, events.address(), 1, 0) == 1
          && events.events(0) == Epoll.IN
          && events.data(0) == base + i;
      long before = System.nanoTime();
      long clock = kernel.readClock(Clocks.MONOTONIC);
      if (!right || clock < before || clock > System.nanoTime()) {
        wrong.incrementAndGet();
      }
    }
  }

  /** Collects, and takes freed native memory over so that a call which still used it would see other bytes. */
  private static void storm(AtomicBoolean done) {
    while (!done.get()) {
      System.gc();
      try (Arena poison = Arena.ofConfined()) {
        for (int i = 0; i < 200; i++) {
          poison.allocate(NativeBlock.SIZE, Long.BYTES).fill((byte) 0xa5);
        }
      }
    }
  }
}
