package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples in the documentation of this package and on docs/guide/synchronization.md. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SyncSnippetsTest {
  private final AtomicBoolean usable = new AtomicBoolean();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Map<String, Integer> balances = new HashMap<>();

  private int fetch(String address) {
    Tasks.yieldNow();
    fetches.incrementAndGet();
    return address.length();
  }

  @Test
  void notifying() {
    Epollo.run(() -> {
      List<String> seen = new CopyOnWriteArrayList<>();
      // @start region="notify"
      Queue<String> jobs = new ConcurrentLinkedQueue<>();
      Notify added = new Notify();

      Task<?> worker = Tasks.spawn(() -> {
        while (true) {
          for (String job = jobs.poll(); job != null; job = jobs.poll()) {
            seen.add(job);
          }
          added.notified(); // at once if a job was added since the last time
        }
      });

      jobs.add("sweep");
      added.notifyOne();
      // @end
      while (seen.isEmpty()) {
        Tasks.yieldNow();
      }
      worker.cancel().await();
      assertThat(seen).containsExactly("sweep");
    });
  }

  @Test
  void enabling() {
    Notify changed = new Notify();
    Epollo.run(() -> {
      Task<?> waiting = Tasks.spawn(() -> awaitUsable(changed));
      Tasks.yieldNow();
      usable.set(true);
      changed.notifyWaiters();
      Object _ = waiting.join();
    });
  }

  private void awaitUsable(Notify changed) {
    // @start region="enable"
    while (true) {
      try (Notified next = changed.notifiedAsync()) {
        boolean _ = next.enable(); // from here on no notifyWaiters() is missed
        if (usable.get()) {
          return;
        }
        next.await();
      }
    }
    // @end
  }

  @Test
  void semaphore() {
    Epollo.run(() -> {
      List<String> addresses = List.of("a", "bb", "ccc", "dddd");
      // @start region="semaphore"
      AsyncSemaphore connections = new AsyncSemaphore(2);
      for (String address : addresses) {
        Tasks.spawn(() -> {
          try (Permit _ = connections.acquire()) { // at most two at a time
            return fetch(address);
          }
        });
      }
      // @end
      while (fetches.get() < addresses.size()) {
        Tasks.yieldNow();
      }
      assertThat(connections.acquire(2).count()).isEqualTo(2);
    });
  }

  @Test
  void weighted() {
    Epollo.run(() -> {
      // @start region="weighted"
      AsyncSemaphore memory = new AsyncSemaphore(64); // MiB
      try (Permit buffer = memory.acquire(16)) {
        Permit half = buffer.split(8); // the other half is not needed for long
        half.close();
        assertThat(memory.available()).isEqualTo(56);
      }
      // @end
      assertThat(memory.available()).isEqualTo(64);
    });
  }

  @Test
  void lockOfTheJdk() {
    Epollo.run(() -> {
      // @start region="jdkLock"
      ReentrantLock lock = new ReentrantLock();
      Task<?> deposit = Tasks.spawn(() -> {
        lock.lock(); // parks the task, not its loop
        try {
          int rate = fetch("rates.example.org"); // and may be held across an await
          balances.merge("account", rate, Integer::sum);
        } finally {
          lock.unlock();
        }
      });
      // @end
      Object _ = deposit.join();
      assertThat(balances).containsEntry("account", "rates.example.org".length());
    });
  }

  @Test
  void mutexOfAFuture() {
    Epollo.run(() -> {
      // @start region="mutex"
      AsyncSemaphore mutex = new AsyncSemaphore(1);
      Future<Integer> deposit = mutex.acquireAsync().map(permit -> {
        try (permit) {
          return balances.merge("account", 7, Integer::sum);
        }
      });
      int balance = Tasks.spawn(deposit).join();
      // @end
      assertThat(balance).isEqualTo(7);
    });
  }

  @Test
  void readersAndWriters() {
    Epollo.run(() -> {
      balances.put("account", 1);
      // @start region="readWrite"
      int readers = 1_000; // more than ever read at once
      AsyncSemaphore access = new AsyncSemaphore(readers);
      try (Permit _ = access.acquire()) { // to read
        assertThat(balances).containsKey("account");
      }
      try (Permit _ = access.acquire(readers)) { // to write: readers that come later wait behind
        balances.clear();
      }
      // @end
      assertThat(access.available()).isEqualTo(readers);
    });
  }

  @Test
  void barrier() {
    Epollo.run(() -> {
      List<String> log = new CopyOnWriteArrayList<>();
      // @start region="barrier"
      Barrier generation = new Barrier(3);
      for (int i = 0; i < 3; i++) {
        int part = i;
        Tasks.spawn(() -> {
          for (int round = 0; round < 10; round++) {
            compute(part, round);
            if (generation.arrive()) { // all three have computed; one of them leads
              log.add("round " + round);
            }
          }
        });
      }
      // @end
      while (log.size() < 10) {
        Tasks.yieldNow();
      }
      assertThat(log).startsWith("round 0").endsWith("round 9");
    });
  }

  private static void compute(int part, int round) {
    assertThat(part + round).isNotNegative();
    Tasks.yieldNow();
  }

  @Test
  void gate() {
    Epollo.run(() -> {
      AtomicBoolean closed = new AtomicBoolean();
      AutoCloseable pool = () -> closed.set(true);
      List<Task<?>> requests = new ArrayList<>();
      // @start region="gate"
      Gate gate = new Gate();
      for (int i = 0; i < 10; i++) {
        Task<?> request = Tasks.spawn(() -> {
          try (Pass _ = gate.enter()) { // refused once the gate is closed
            return fetch("example.org");
          }
        });
        requests.add(request);
      }
      Tasks.yieldNow();
      gate.close(); // waits for those inside
      pool.close(); // nobody uses it any more
      // @end
      assertThat(gate.inside()).isZero();
      assertThat(closed).isTrue();
      for (Task<?> request : requests) {
        try {
          Object _ = request.join();
        } catch (GateClosedException e) {
          assertThat(e).hasMessageContaining("closed gate");
        }
      }
    });
  }

  @Test
  void cancellation() {
    Epollo.run(() -> {
      AtomicInteger served = new AtomicInteger();
      // @start region="cancellation"
      CancellationToken program = new CancellationToken();
      CancellationToken connection = program.child();

      Task<?> task = Tasks.spawn(connection.runUntilCancelled(Future.pending()));
      Task<?> worker = Tasks.spawn(() -> {
        while (!connection.isCancelled()) {
          served.incrementAndGet();
          Tasks.yieldNow();
        }
      });

      boolean _ = program.cancel(); // the task fails with a CancellationException, the worker sees it
      // @end
      assertThatExceptionOfType(CancellationException.class).isThrownBy(task::join);
      Object _ = worker.join();
    });
  }

  @Test
  void guard() {
    CancellationToken token = new CancellationToken();
    Epollo.run(() -> {
      // @start region="guard"
      CancellationToken search = token.child();
      try (CancellationGuard _ = search.guard()) { // whatever happens in here, the helpers end with it
        Task<?> helper = Tasks.spawn(search.runUntilCancelled(slowly()));
        assertThat(helper.isDone()).isFalse();
      }
      // @end
      assertThat(search.isCancelled()).isTrue();
      assertThat(token.isCancelled()).isFalse();
    });
  }

  private static Future<@Nullable Void> slowly() {
    return Future.pending();
  }

  @Test
  void setOnce() {
    Epollo.run(() -> {
      // @start region="setOnce"
      SetOnce<Integer> port = new SetOnce<>();
      Task<?> server = Tasks.spawn(() -> {
        boolean _ = port.set(7878); // once it is bound
      });
      int bound = port.get(); // any number of tasks may wait for it
      // @end
      assertThat(bound).isEqualTo(7878);
      Object _ = server.join();
    });
  }
}
