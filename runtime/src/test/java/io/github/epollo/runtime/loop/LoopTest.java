package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.NoLeaks;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The loop, whatever carries its tasks; runs with and without the flag. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LoopTest {
  private static final int FLAGS = FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC;

  @Test
  void submitThenIdleNeverLosesAWakeUp() {
    ProbeKernel probe = new ProbeKernel();
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 1; i <= 200_000; i++) {
        epollo.loop().execute(ran::incrementAndGet);
        if (i % 3 != 0) { // sometimes two come together
          while (ran.get() < i) {
            Thread.onSpinWait();
          }
        }
      }
    }
    assertThat(probe.calls("write")).as("eventfd writes").isLessThanOrEqualTo(probe.calls("epollWait"));
  }

  @Test
  void aBurstForASleepingLoopIsOneWrite() throws Exception {
    AtomicBoolean hold = new AtomicBoolean();
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ProbeKernel probe = new ProbeKernel();
    probe.on("epollWait", call -> {
      if (hold.compareAndSet(true, false)) {
        asleep.countDown();
        release.await();
      }
      return call.real();
    });
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      epollo.call(() -> {});
      AtomicInteger ran = new AtomicInteger();
      epollo.loop().execute(() -> hold.set(true)); // on the loop, so that its next wait is one that nobody has ended yet
      asleep.await();
      long before = probe.calls("write");
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        threads.add(Thread.ofPlatform().start(() -> {
          for (int i = 0; i < 1_000; i++) {
            epollo.loop().execute(ran::incrementAndGet);
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(probe.calls("write") - before).isEqualTo(1);
      release.countDown();
      while (ran.get() < 4_000) {
        Thread.onSpinWait();
      }
    }
  }

  /** Hazard 3, one schedule for certain: the loop closes while a submitter stands right before its write. */
  @Test
  void aWriteUnderWayKeepsTheNumberOfTheEventfd() throws Exception {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicInteger eventFd = new AtomicInteger(-1);
    CountDownLatch beforeWrite = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    List<Object> closed = new CopyOnWriteArrayList<>();
    ProbeKernel probe = new ProbeKernel();
    probe.on("write", call -> {
      if (armed.compareAndSet(true, false)) {
        eventFd.set(call.intArg(0));
        beforeWrite.countDown();
        proceed.await();
      }
      return call.real();
    }).on("close", call -> {
      closed.add(call.args[0]);
      return call.real();
    });
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()));
        Arena arena = Arena.ofConfined()) {
      Loop loop = epollo.loop();
      int number = loop.kernel().eventfd(0, FLAGS);
      Registration other = loop.driver().register(new Fd(loop.kernel(), number), Interest.READ);
      armed.set(true);
      Thread submitter = Thread.ofPlatform().start(() -> {
        while (beforeWrite.getCount() > 0) { // until it meets the loop asleep
          loop.execute(() -> {});
        }
      });
      beforeWrite.await();
      Thread closer = Thread.ofPlatform().start(epollo::close);
      long one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L).address();
      while (closer.isAlive()) { // wakes the loop, whose own wake-up is under way
        if (other.fd().acquire()) {
          try {
            assertThat(LinuxKernel.get().write(number, one, 8)).isEqualTo(8);
          } finally {
            other.fd().release();
          }
        }
        Thread.onSpinWait();
      }
      assertThat(epollo.toString()).contains("CLOSED");
      assertThat(closed).isNotEmpty().doesNotContain(eventFd.get());
      proceed.countDown();
      submitter.join();
      assertThat(closed).containsOnlyOnce(eventFd.get());
    }
  }

  @Test
  void anIdleRuntimeDoesNothing() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      Task<?> waiting = epollo.spawn(() -> Future.pending().await());
      epollo.call(() -> {});
      Loop loop = epollo.loop();
      var threads = ManagementFactory.getThreadMXBean();
      // The last call's own wake-ups may still be under way.
      long turns = -1;
      while (turns != loop.turns()) {
        turns = loop.turns();
        new CountDownLatch(1).await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
      }
      long polls = loop.metrics().polls();
      long cpu = threads.getThreadCpuTime(loop.thread().threadId());
      new CountDownLatch(1).await(5, java.util.concurrent.TimeUnit.SECONDS);
      assertThat(loop.turns()).isEqualTo(turns);
      assertThat(loop.metrics().polls()).isEqualTo(polls);
      assertThat(threads.getThreadCpuTime(loop.thread().threadId()) - cpu).isLessThan(10_000_000);
      assertThat(waiting.isDone()).isFalse();
    }
  }

  @Test
  void millisAreRoundedUpAndNeverOverflow() {
    assertThat(Loop.toMillisRoundedUp(1)).isEqualTo(1);
    assertThat(Loop.toMillisRoundedUp(999_999)).isEqualTo(1);
    assertThat(Loop.toMillisRoundedUp(1_000_000)).isEqualTo(1);
    assertThat(Loop.toMillisRoundedUp(1_000_001)).isEqualTo(2);
    assertThat(Loop.toMillisRoundedUp(Long.MAX_VALUE)).isEqualTo(-1);
    assertThat(Loop.toMillisRoundedUp(Long.MAX_VALUE - 1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void runUntilStopsAtItsDeadlineAndBelongsToOneThread() throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (Loop loop = new Loop("loop", LinuxKernel.get(), CarrierChoice.SHARED, ReadyOrder.ARRIVAL, new Chance(0),
        failures::add)) {
      long start = loop.now();
      loop.runUntil(() -> false, start + 20_000_000);
      assertThat(loop.now() - start).isGreaterThanOrEqualTo(20_000_000);
      for (boolean virtual : new boolean[]{true, false}) {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Runnable run = () -> {
          try {
            loop.runUntil(() -> true, Long.MAX_VALUE);
          } catch (Throwable t) {
            thrown.add(t);
          }
        };
        (virtual ? Thread.ofVirtual().start(run) : Thread.ofPlatform().start(run)).join();
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(thrown.getFirst()).hasMessageContaining(virtual ? "on a virtual thread" : "it belongs to");
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void aHookThatThrowsIsReported() throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (Loop loop = new Loop("loop", LinuxKernel.get(), CarrierChoice.SHARED, ReadyOrder.ARRIVAL, new Chance(0),
        failures::add)) {
      AtomicInteger calls = new AtomicInteger();
      loop.addWaitHook(_ -> {
        throw new IllegalStateException("hook");
      });
      loop.addWaitHook(_ -> calls.incrementAndGet());
      loop.runUntil(() -> calls.get() > 0, Long.MAX_VALUE);
      assertThat(calls).hasValue(1);
    }
    assertThat(failures).singleElement().extracting(Throwable::getMessage).isEqualTo("hook");
  }

  /** Hazard 18: neither a future that is always ready again nor work that submits itself keeps the loop from I/O and from others. */
  @Test
  void whatIsAlwaysReadyStarvesNobody() throws Exception {
    try (Epollo epollo = Epollo.start(); Arena arena = Arena.ofShared()) {
      Loop loop = epollo.loop();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong spins = new AtomicLong();
      Task<?> greedyFuture = epollo.spawn(Future.fromPoll(waker -> {
        spins.incrementAndGet();
        waker.wake();
        return stop.get() ? Poll.ready("stopped") : Poll.pending();
      }));
      Task<?> greedyTask = epollo.spawn(() -> {
        while (!stop.get()) {
          Tasks.yieldNow();
        }
      });
      Registration registration = loop.driver().register(
          new Fd(loop.kernel(), loop.kernel().eventfd(0, FLAGS)), Interest.READ);
      long one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L).address();
      long buffer = arena.allocate(8, 8).address();
      Task<Integer> reader = epollo.spawn(() -> {
        int received = 0;
        while (received < 50) {
          Future.fromPoll(waker -> registration.pollReady(Direction.READ, waker) ? Poll.ready(null) : Poll.pending())
              .await();
          int seen = registration.readiness();
          if (loop.kernel().read(registration.fd().number(), buffer, 8) == -Errno.EAGAIN) {
            registration.wouldBlock(Direction.READ, seen);
          } else {
            received++;
          }
        }
        return received;
      });
      while (!reader.isDone()) {
        loop.kernel().write(registration.fd().number(), one, 8);
        assertThat(epollo.<String>call(() -> "submitted by another thread")).isNotNull();
      }
      assertThat(reader.join()).isEqualTo(50);
      assertThat(spins.get()).isPositive();
      stop.set(true);
      greedyFuture.join();
      greedyTask.join();
    }
  }

  /** A task that always finds its data ready gives way after its budget of operations. */
  @Test
  void theOperationBudget() {
    Epollo.run(() -> {
      List<String> steps = new CopyOnWriteArrayList<>();
      AtomicBoolean otherRan = new AtomicBoolean();
      boolean carried = Loop.current().carriesTasks(); // else they run in parallel
      Task<?> greedy = Tasks.spawn(() -> {
        int operations = 0;
        while (!otherRan.get() && !(carried && operations > TaskThread.OPERATION_BUDGET)) {
          assertThat(Awaiter.proceed(Awaiter.current())).isTrue();
          operations++;
        }
        steps.add("after " + operations + " operations");
        assertThat(otherRan).isTrue();
      });
      Task<?> other = Tasks.spawn(() -> otherRan.set(true));
      greedy.join();
      other.join();
      assertThat(steps).hasSize(1);

      AtomicInteger refused = new AtomicInteger();
      AtomicInteger granted = new AtomicInteger();
      Task<?> stackless = Tasks.spawn(Future.fromPoll(waker -> {
        while (granted.get() < 1_000) {
          if (!Awaiter.proceed(waker)) {
            refused.incrementAndGet();
            return Poll.pending();
          }
          granted.incrementAndGet();
        }
        return Poll.ready("done");
      }));
      stackless.join();
      assertThat(refused.get()).isEqualTo(1_000 / (TaskThread.OPERATION_BUDGET - 1));
    });
  }

  @Test
  void localsAreMadeOncePerLoop() {
    LoopLocal<Object> key = new LoopLocal<>(_ -> new Object());
    Object[] values = new Object[2];
    for (int i = 0; i < 2; i++) {
      int index = i;
      Epollo.run(() -> {
        values[index] = key.get(Loop.current());
        assertThat(Tasks.spawn(() -> key.get(Loop.current())).join()).isSameAs(values[index]);
      });
    }
    assertThat(values[0]).isNotSameAs(values[1]);
    assertThatThrownBy(Loop::current).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Epollo runtime on");
  }
}
