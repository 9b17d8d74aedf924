package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What several loops promise: where tasks start, and how the loops end together. */
abstract class LoopsContract extends EpolloContract {
  private final int count;

  LoopsContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
    this.count = loops;
  }

  @Test
  void eachLoopHasAThreadAndAnEpollOfItsOwn() {
    try (Epollo epollo = start()) {
      Set<Object> drivers = new HashSet<>();
      Set<String> names = new HashSet<>();
      for (Loop loop : epollo.loops()) {
        Task<Loop> task = epollo.spawnOn(loop, () -> {
          assertThat(Loop.current().isOnThread()).isEqualTo(loop.carriesTasks());
          assertThat(Tasks.current().loop()).isSameAs(loop);
          assertThat(Epollo.current()).isSameAs(epollo);
          return Loop.current();
        });
        assertThat(task.join()).isSameAs(loop);
        assertThat(epollo.spawnOn(loop, Future.fromPoll(_ -> {
          assertThat(Loop.current().isOnThread()).isTrue();
          return Poll.ready(Loop.current());
        })).join()).isSameAs(loop);
        assertThat(epollo.loops().get(loop.index())).isSameAs(loop);
        drivers.add(loop.driver());
        names.add(loop.toString());
      }
      assertThat(drivers).hasSize(count);
      assertThat(names).hasSize(count).allMatch(n -> n.matches("epollo-\\d+-loop-\\d"));
    }
  }

  @Test
  void tasksStartOnTheLoopOfTheirSpawnerAndFromOutsideOnTheLeastLoaded() {
    try (Epollo epollo = start()) {
      Loop last = epollo.loops().getLast();
      assertThat(epollo.spawnOn(last, () -> {
        Loop ofStraight = Tasks.spawn(() -> Loop.current()).join();
        Loop ofChild;
        try (TaskScope<Object, Void> scope = TaskScope.open()) {
          ofChild = scope.spawn(() -> Loop.current()).join();
          scope.join();
        }
        return List.of(ofStraight, ofChild);
      }).join()).containsOnly(last);
    }
    try (Epollo epollo = start()) {
      List<Task<?>> pending = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pending.add(epollo.spawn(Future.pending()));
        pending.add(epollo.spawn(() -> Future.pending().await()));
      }
      for (Loop loop : epollo.loops()) {
        assertThat(pending).filteredOn(t -> t.loop() == loop).hasSize(2);
      }
      Loop crowded = epollo.loops().get(1);
      pending.add(epollo.spawnOn(crowded, Future.pending()));
      assertThat(epollo.leastLoadedLoop()).isNotSameAs(crowded);
      pending.stream().filter(t -> t.loop() == crowded).toList().forEach(t -> t.cancel().await());
      while (epollo.leastLoadedLoop() != crowded) { // a task is counted for a moment longer than it is waited for
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aLoopOfAnotherRuntimeIsRefused() {
    try (Epollo epollo = start(); Epollo other = start()) {
      assertThatThrownBy(() -> epollo.spawnOn(other.loop(), () -> {})).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot spawn on " + other.loop()).hasMessageContaining("take one of loops()");
    }
    for (int wrong : new int[]{0, -1, 1025}) {
      assertThatThrownBy(() -> options.withLoops(wrong)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot run " + wrong + " loops");
    }
    assertThatThrownBy(() -> Epollo.local(options)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot run " + count + " loops");
  }

  @Test
  void theCallingThreadRunsTheFirstLoopAndTheOthersRunBesides() {
    Thread caller = Thread.currentThread();
    int sum = Epollo.run(options, () -> {
      Epollo epollo = Epollo.current();
      assertThat(epollo.loops()).hasSize(count);
      AtomicReference<Thread> firstThread = new AtomicReference<>();
      epollo.spawnOn(epollo.loop(), Future.fromPoll(_ -> {
        firstThread.set(Thread.currentThread());
        return Poll.ready(null);
      })).join();
      assertThat(firstThread.get()).isSameAs(caller);
      int total = 0;
      for (Loop loop : epollo.loops()) {
        total += epollo.spawnOn(loop, () -> 1).join();
      }
      return total;
    });
    assertThat(sum).isEqualTo(count);
  }

  /** Hazard 2, between loops: each message wakes a loop that sleeps, or is just about to. */
  @Test
  void tasksOfDifferentLoopsTalk() {
    int rounds = 20_000;
    try (Epollo epollo = start()) {
      List<Channel<Integer>> ring = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ring.add(Channel.bounded(1));
      }
      List<Task<?>> tasks = new ArrayList<>();
      for (Loop loop : epollo.loops()) {
        tasks.add(epollo.spawnOn(loop, () -> {
          Channel<Integer> in = ring.get(loop.index());
          Channel<Integer> out = ring.get((loop.index() + 1) % count);
          for (int i = 0; i < rounds; i++) {
            out.send(in.receive() + 1);
          }
        }));
      }
      ring.getFirst().trySend(0);
      tasks.forEach(Task::join);
      assertThat(ring.getFirst().tryReceive()).isEqualTo(rounds * count);
    }
  }

  @Test
  void closeWithEverythingPendingOnEveryLoop() {
    AtomicInteger ended = new AtomicInteger();
    Epollo epollo = start();
    List<Task<?>> tasks = new ArrayList<>();
    CountDownLatch began = new CountDownLatch(count * 20);
    for (Loop loop : epollo.loops()) {
      for (int i = 0; i < 20; i++) {
        tasks.add(epollo.spawnOn(loop, () -> {
          began.countDown();
          try {
            Future.pending().await();
          } finally {
            // clean-up that needs other loops
            epollo.spawnOn(epollo.loops().get((loop.index() + 1) % count), () -> {}).cancel().await();
            ended.incrementAndGet();
          }
        }));
        tasks.add(epollo.spawnOn(loop, Future.pending()));
        tasks.add(epollo.spawnOn(loop, () -> Thread.sleep(Duration.ofHours(1))));
      }
    }
    awaitUninterrupted(began);
    epollo.close();
    epollo.close();
    assertThat(ended).hasValue(count * 20);
    assertThat(tasks).allMatch(Task::isDone);
    assertThat(epollo.loops()).allMatch(Loop::isClosed);
  }

  @Test
  void closeFromATaskOfAnyLoop() {
    for (int i = 0; i < count; i++) {
      Epollo epollo = start();
      Task<?> other = epollo.spawn(() -> Future.pending().await());
      assertThat(epollo.spawnOn(epollo.loops().get(i), () -> {
        epollo.close();
        return "went on";
      }).join()).isEqualTo("went on");
      assertThatThrownBy(other::join).isInstanceOf(CancellationException.class);
      epollo.close();
      assertThat(epollo.loops()).allMatch(Loop::isClosed);
    }
  }

  @Test
  void closeFromTheHandlerOfFailures() {
    AtomicReference<Epollo> closing = new AtomicReference<>();
    Epollo epollo = Epollo.start(options.withUncaughtHandler((_, _) -> closing.get().close()));
    closing.set(epollo);
    Task<?> pending = epollo.spawn(Future.pending());
    Task<?> failing = epollo.spawnOn(epollo.loops().getLast(), () -> {
      throw new IllegalStateException("for the handler");
    });
    assertThatThrownBy(pending::join).isInstanceOf(CancellationException.class);
    epollo.close();
    assertThat(failing.isDone()).isTrue();
  }

  @Test
  void aHeldLoopIsNamedAndEndsOnceItIsLetGo() {
    try (LogCapture log = new LogCapture()) {
      Epollo epollo = Epollo.start(options.withCloseTimeout(Duration.ofMillis(20)));
      Loop held = epollo.loops().getLast();
      CountDownLatch began = new CountDownLatch(1);
      AtomicBoolean release = new AtomicBoolean();
      held.execute(() -> {
        began.countDown();
        while (!release.get()) {
          Thread.onSpinWait();
        }
      });
      awaitUninterrupted(began);
      long before = System.nanoTime();
      epollo.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(log.messages()).anyMatch(m -> m.contains("something holds the threads of [" + held + "]"));
      assertThat(epollo.toString()).contains("CLOSED");
      assertThat(held.isClosed()).isFalse();
      release.set(true);
      while (!held.isClosed()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aLoopThatFailsClosesTheRuntime() {
    try (LogCapture log = new LogCapture()) {
      List<Integer> epolls = new CopyOnWriteArrayList<>();
      AtomicInteger broken = new AtomicInteger(-1);
      ProbeKernel probe = new ProbeKernel();
      probe.on("epollCreate", call -> {
        int number = (int) call.real();
        epolls.add(number);
        return number;
      }).on("epollWait", call -> call.intArg(0) == broken.get() ? -Errno.EBADF : call.real());
      Epollo epollo = Epollo.start(options.withKernel(probe.kernel()));
      Task<?> elsewhere = epollo.spawnOn(epollo.loop(), Future.pending());
      Task<?> there = epollo.spawnOn(epollo.loops().get(1), () -> Future.pending().await());
      broken.set(epolls.get(epolls.size() / count * 2 - 1)); // what the second loop waits for
      epollo.loops().get(1).execute(() -> {});
      assertThatThrownBy(elsewhere::join).isInstanceOf(CancellationException.class);
      assertThatThrownBy(there::join).isInstanceOf(CancellationException.class);
      epollo.close();
      assertThat(log.messages()).anyMatch(m -> m.contains("loop-1 has failed"));
      assertThat(epollo.loops()).allMatch(Loop::isClosed);
    }
  }

  @Test
  void startsAllLoopsOrNone() {
    for (int allowed = 0; allowed < count; allowed++) {
      int limit = allowed;
      ProbeKernel probe = new ProbeKernel();
      AtomicInteger opened = new AtomicInteger();
      probe.on("epollCreate", call -> call.nth() > limit ? -Errno.EMFILE : counted(opened, call.real()));
      probe.on("eventfd", call -> counted(opened, call.real()));
      assertThatThrownBy(() -> Epollo.start(options.withKernel(probe.kernel())))
          .isInstanceOf(UncheckedIOException.class).hasMessageContaining("cannot start");
      assertThat(probe.calls("close")).isEqualTo(opened.get()); // the class checks for what else is left
    }
  }

  private static long counted(AtomicInteger opened, long number) {
    opened.incrementAndGet();
    return number;
  }
}
