package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.NoLeaks;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.sync.Channel;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work that moves from loop to loop. */
@ExtendWith(NoLeaks.class)
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StealTest {
  private static final int LOOPS = 3;
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP)
      .withLoops(LOOPS);

  /** Holds a loop until told otherwise; pinned, or the task could be on any. */
  private static Task<?> hold(Epollo epollo, Loop loop, AtomicBoolean release) {
    CountDownLatch began = new CountDownLatch(1);
    Task<?> hog = epollo.spawnOn(loop, "hog", () -> {
      began.countDown();
      while (!release.get()) {
        Thread.onSpinWait();
      }
    });
    try {
      began.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return hog;
  }

  @Test
  void whatABusyLoopHasReadyRunsElsewhereButForPinnedTasks() {
    int tasks = 500;
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      Loop busy = epollo.loop();
      AtomicInteger ranPinned = new AtomicInteger();
      AtomicInteger ran = new AtomicInteger();
      Set<Thread> carriers = ConcurrentHashMap.newKeySet();
      List<Task<?>> all = new ArrayList<>();
      epollo.spawnOn(busy, () -> {
        for (int i = 0; i < tasks; i++) {
          all.add(epollo.spawn(() -> {
            assertThat(Loop.current()).isSameAs(busy);
            carriers.add(VirtualThreads.currentCarrier());
            ran.incrementAndGet();
          }));
          all.add(epollo.spawn(Future.fromPoll(_ -> {
            ran.incrementAndGet();
            return Poll.ready(null);
          })));
          all.add(epollo.spawnOn(busy, ranPinned::incrementAndGet));
          all.add(epollo.spawnOn(busy, Future.fromPoll(_ -> Poll.ready(ranPinned.incrementAndGet()))));
        }
        while (ran.get() < 2 * tasks) {
          Thread.onSpinWait();
        }
        assertThat(ranPinned).hasValue(0);
        assertThat(carriers).doesNotContain(busy.thread());
      }).join();
      all.forEach(Task::join);
      assertThat(ranPinned).hasValue(2 * tasks);
      assertThat(epollo.loops().stream().mapToLong(Loop::steals).sum()).isPositive();
    }
  }

  /** A single ready task is not worth a steal; it must not wait for ever either. Nor must one that yields, or is woken by others, and belongs to a loop that is held. */
  @Test
  void tasksOfALoopThatIsHeldGoOnElsewhere() {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      Loop busy = epollo.loop();
      AtomicBoolean release = new AtomicBoolean();
      Channel<Integer> there = Channel.bounded(1);
      Channel<Integer> back = Channel.bounded(1);
      List<Task<?>> tasks = new ArrayList<>();
      Task<Task<?>> spawner = epollo.spawnOn(busy, () -> {
        tasks.add(Tasks.spawn(() -> {
          for (int i = 0; i < 2_000; i++) {
            there.send(i);
            assertThat(back.receive()).isEqualTo(i);
          }
        }));
        tasks.add(Tasks.spawn(() -> {
          for (int i = 0; i < 2_000; i++) {
            Tasks.yieldNow();
            back.send(there.receive());
          }
        }));
        return null;
      });
      spawner.join();
      Task<?> hog = hold(epollo, busy, release);
      Task<String> late = spawnFrom(epollo, busy, () -> "ran");
      assertThat(late.loop()).isSameAs(busy);
      assertThat(late.join()).isEqualTo("ran");
      tasks.forEach(Task::join);
      assertThat(hog.isDone()).isFalse();
      release.set(true);
      hog.join();
    }
  }

  /** A task that belongs to {@code loop} and may move, spawned while {@code loop} is held: by a task of its that was woken on another. */
  private static <T> Task<T> spawnFrom(Epollo epollo, Loop loop, java.util.concurrent.Callable<T> body) {
    List<Task<?>> fillers = new ArrayList<>();
    try {
      while (epollo.leastLoadedLoop() != loop) {
        Loop other = epollo.leastLoadedLoop();
        fillers.add(epollo.spawnOn(other, Future.pending()));
      }
      return epollo.spawn(body);
    } finally {
      fillers.forEach(Task::close);
    }
  }

  /** No busy task holds the I/O of the others. */
  @Test
  void theEventsOfALoopThatIsHeldAreSeen() {
    try (Epollo epollo = Epollo.start(OPTIONS); Arena arena = Arena.ofShared()) {
      Loop busy = epollo.loop();
      int number = busy.kernel().eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC);
      Registration registration = epollo.spawnOn(busy,
          () -> busy.driver().register(new Fd(busy.kernel(), number), Interest.READ)).join();
      long one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L).address();
      long buffer = arena.allocate(8, 8).address();
      AtomicInteger received = new AtomicInteger();
      Task<?> reader = spawnFrom(epollo, busy, () -> {
        while (received.get() < 20) {
          Future.fromPoll(waker -> registration.pollReady(Direction.READ, waker) ? Poll.ready(null) : Poll.pending())
              .await();
          int seen = registration.readiness();
          if (busy.kernel().read(number, buffer, 8) == 8) {
            received.incrementAndGet();
          } else {
            registration.wouldBlock(Direction.READ, seen);
          }
        }
        return null;
      });
      AtomicBoolean release = new AtomicBoolean();
      Task<?> hog = hold(epollo, busy, release);
      for (int i = 0; i < 20; i++) {
        assertThat(busy.kernel().write(number, one, 8)).isEqualTo(8);
        while (received.get() <= i) {
          Thread.onSpinWait();
        }
      }
      reader.join();
      assertThat(hog.isDone()).isFalse();
      release.set(true);
      hog.join();
      // and its own wake-ups are not lost by that
      for (int i = 0; i < 1_000; i++) {
        assertThat(epollo.<Integer>spawnOn(busy, () -> 42).join()).isEqualTo(42);
      }
    }
  }

  /** Hazard 2: loops are held and let go, over and over, while others look for their events and wake them. */
  @Test
  void helpingLosesNoWakeUp() {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      Loop busy = epollo.loop();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      int rounds = 0;
      while (System.nanoTime() - end < 0 || rounds < 50) {
        AtomicBoolean release = new AtomicBoolean();
        Task<?> hog = hold(epollo, busy, release);
        for (int i = 0; i < rounds % 7; i++) {
          busy.group().announceHeld(busy); // as the watch does, but at any moment
        }
        release.set(true);
        hog.join();
        busy.group().announceHeld(busy);
        assertThat(epollo.<Integer>spawnOn(busy, () -> 1).join()).isEqualTo(1);
        rounds++;
      }
    }
  }

  /** Everything at once: tasks that fork, yield and wait for each other, on all loops. */
  @Test
  void forksAndJoinsAcrossLoops() {
    for (int i = 0; i < 5; i++) {
      assertThat(Epollo.<Integer>run(OPTIONS, () -> fibonacci(13))).isEqualTo(233);
    }
  }

  private static int fibonacci(int n) {
    if (n < 2) {
      return n;
    }
    Task<Integer> one = Tasks.spawn(() -> fibonacci(n - 1));
    if (n % 3 == 0) {
      Tasks.yieldNow();
    }
    return fibonacci(n - 2) + one.join();
  }

  /** Loops that sleep do nothing at all, and what watches over them does not either. */
  @Test
  void anIdleRuntimeOfManyLoopsDoesNothing() throws Exception {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      epollo.loops().forEach(l -> epollo.spawnOn(l, () -> {}).join());
      Task<?> waiting = epollo.spawn(() -> Future.pending().await());
      Thread watch = Thread.getAllStackTraces().keySet().stream()
          .filter(t -> t.getName().equals(epollo.loop() + "-watch")).findAny().orElseThrow();
      while (watch.getState() != Thread.State.WAITING) { // without a limit: TIMED_WAITING is another state
        Thread.onSpinWait();
      }
      List<Long> turns = turns(epollo);
      long cpu = cpu(epollo, watch);
      assertThat(new CountDownLatch(1).await(3, TimeUnit.SECONDS)).isFalse();
      assertThat(turns(epollo)).isEqualTo(turns);
      assertThat(cpu(epollo, watch) - cpu).isLessThan(10_000_000);
      assertThat(watch.getState()).isEqualTo(Thread.State.WAITING);
      assertThat(waiting.isDone()).isFalse();
    }
  }

  private static List<Long> turns(Epollo epollo) {
    return epollo.loops().stream().map(Loop::turns).toList();
  }

  private static long cpu(Epollo epollo, Thread watch) {
    var threads = ManagementFactory.getThreadMXBean();
    return threads.getThreadCpuTime(watch.threadId())
        + epollo.loops().stream().mapToLong(l -> threads.getThreadCpuTime(l.thread().threadId())).sum();
  }

  /** Loops that are not there are not held: what one loop does needs no watch. */
  @Test
  void aSingleLoopHasNoWatch() {
    try (Epollo epollo = Epollo.start()) {
      epollo.call(() -> {});
      assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals(epollo.loop() + "-watch"));
    }
  }
}
