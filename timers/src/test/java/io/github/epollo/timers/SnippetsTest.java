package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The examples of the javadoc, run as tests. */
class SnippetsTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void overview() {
    Epollo.run(() -> {
      // @start region="overview"
      Timers.sleep(Duration.ofMillis(2)); // this task waits, the loop goes on

      Task<String> slow = Tasks.spawn(() -> {
        Timers.sleep(LONG);
        return "done";
      });
      try {
        String result = Timers.withTimeout(Duration.ofMillis(2), () -> slow.join());
        System.out.println(result);
      } catch (DeadlineExceededException e) {
        slow.cancel().await(); // the deadline stopped the waiting, not the task
      }
      // @end
      assertThat(slow.isDone()).isTrue();
    });
  }

  private static String read() throws IOException {
    return "read";
  }

  /** Compiles only if the exception is inferred. */
  private static String readInTime() throws IOException {
    // @start region="withTimeout"
    String line = Timers.withTimeout(Duration.ofSeconds(5), () -> {
      String first = read(); // throws IOException, and so does withTimeout
      Timers.withTimeout(Duration.ofSeconds(1), () -> Timers.sleep(Duration.ofMillis(1)));
      return first;
    });
    // @end
    return line;
  }

  @Test
  void withTimeout() {
    Epollo.run(() -> assertThat(readInTime()).isEqualTo("read"));
  }

  @Test
  void steady() {
    Epollo.run(() -> {
      List<Long> ticks = new ArrayList<>();
      // @start region="steady"
      long next = Loop.current().now();
      for (int i = 0; i < 3; i++) {
        next += 1_000_000; // every millisecond
        Timers.sleepUntil(next);
        ticks.add(Loop.current().now());
      }
      // @end
      assertThat(ticks.getLast()).isGreaterThanOrEqualTo(next);
    });
  }

  @Test
  void idle() {
    Epollo.run(() -> {
      BlockingQueue<String> messages = new LinkedBlockingQueue<>(List.of("a", "b"));
      List<String> received = new ArrayList<>();
      // @start region="idle"
      try {
        Timers.withIdleTimeout(Duration.ofMillis(500), idle -> {
          while (true) {
            received.add(messages.take()); // a read, for instance
            idle.touch();
          }
        });
      } catch (DeadlineExceededException e) {
        System.out.println("closing: " + e.getMessage());
      }
      // @end
      assertThat(received).containsExactly("a", "b");
    });
  }

  @Test
  void interval() {
    Epollo.run(() -> {
      List<Long> samples = new ArrayList<>();
      // @start region="interval"
      try (Interval interval = Timers.interval(Duration.ofMillis(2)).onMissedTicks(MissedTicks.SKIP)) {
        for (long scheduled : interval) {
          samples.add(scheduled);
          if (samples.size() == 5) {
            break;
          }
        }
      }
      // @end
      assertThat(samples).hasSize(5).isSorted();
    });
  }

  @Test
  void delayQueue() {
    Epollo.run(() -> {
      List<String> expired = new ArrayList<>();
      // @start region="delayQueue"
      DelayQueue<String> sessions = new DelayQueue<>();
      Task<?> reaper = Tasks.spawn(() -> {
        while (true) {
          expired.add(sessions.take());
        }
      });
      Expiring<String> alice = sessions.insert("alice", Duration.ofMillis(5));
      Expiring<String> bob = sessions.insert("bob", LONG);
      bob.reset(Duration.ofMillis(10)); // or bob.remove()
      // @end
      while (bob.isQueued()) {
        Timers.sleep(Duration.ofMillis(1));
      }
      reaper.cancel().await();
      assertThat(expired).containsExactly(alice.value(), "bob");
    });
  }

  @Test
  void debounce() {
    Epollo.run(() -> {
      AtomicInteger reloads = new AtomicInteger();
      // @start region="debounce"
      Debounce changes = new Debounce(Duration.ofMillis(5));
      Task<?> reloader = Tasks.spawn(() -> {
        while (true) {
          changes.await();
          reloads.incrementAndGet();
        }
      });
      changes.signal();
      changes.signal(); // no second reload
      // @end
      while (reloads.get() == 0) {
        Timers.sleep(Duration.ofMillis(1));
      }
      reloader.cancel().await();
      assertThat(reloads.get()).isPositive();
    });
  }

  @Test
  void throttle() {
    Epollo.run(() -> {
      List<Integer> requests = new ArrayList<>();
      // @start region="throttle"
      Throttle throttle = new Throttle(10, Duration.ofMillis(2)); // the service allows 10 requests in 2 ms
      for (int i = 0; i < 25; i++) {
        throttle.acquire();
        requests.add(i);
      }
      // @end
      assertThat(requests).hasSize(25);
    });
  }

  @Test
  void retry() {
    Epollo.run(() -> {
      // @start region="retry"
      Retry retry = Retry.attempts(4)
          .withBackoff(Duration.ofMillis(1), 2, Duration.ofSeconds(1))
          .withTimeout(Duration.ofSeconds(30))
          .onlyIf(e -> e instanceof IOException || e instanceof DeadlineExceededException);
      String line = retry.call(() -> Timers.withTimeout(Duration.ofSeconds(5), () -> read())); // 5 s for each attempt
      // @end
      assertThat(line).isEqualTo("read");
    });
  }
}
