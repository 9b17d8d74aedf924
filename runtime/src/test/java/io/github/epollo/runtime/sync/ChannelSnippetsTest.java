package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Selected;
import io.github.epollo.runtime.stream.AsyncStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of channels, and on docs/guide/channels.md. */
class ChannelSnippetsTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void channel() {
    Epollo.run(() -> {
      // @start region="channel"
      Channel<String> lines = Channel.bounded(16);
      Tasks.spawn(() -> {
        try (lines) { // closing it ends the loop below
          lines.send("one");
          lines.send("two");
        }
      });
      for (String line : lines) {
        log.add(line);
      }
      // @end
    });
    assertThat(log).containsExactly("one", "two");
  }

  @Test
  void workers() {
    Epollo.run(() -> {
      // @start region="workers"
      Channel<String> jobs = Channel.bounded(100);
      List<Task<?>> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        workers.add(Tasks.spawn(() -> {
          for (String job : jobs) { // each job goes to one worker
            work(job);
          }
        }));
      }
      jobs.send("job");
      jobs.close(); // the workers end when nothing is left
      for (Task<?> worker : workers) {
        worker.join();
      }
      // @end
    });
    assertThat(log).containsExactly("job");
  }

  private void work(String job) {
    log.add(job);
  }

  @Test
  void batches() {
    Channel<String> events = Channel.unbounded();
    events.send("a");
    events.send("b");
    events.close();
    // @start region="batches"
    for (List<String> batch = events.receiveMany(64); !batch.isEmpty(); batch = events.receiveMany(64)) {
      write(batch); // one write for all that is there
    }
    // @end
    assertThat(log).containsExactly("a", "b");
  }

  private void write(List<String> batch) {
    log.addAll(batch);
  }

  @Test
  void reserve() {
    Epollo.run(() -> {
      Channel<String> jobs = Channel.bounded(1);
      // @start region="reserve"
      try (SendPermit<String> permit = jobs.reserve()) {
        permit.send(nextJob()); // taken from where it was only when there is room for it
      }
      // @end
      assertThat(jobs.receive()).isEqualTo("job");
    });
  }

  @Test
  void selectSend() {
    Epollo.run(() -> {
      Channel<String> jobs = Channel.bounded(1);
      Channel<String> control = Channel.bounded(1);
      // @start region="selectSend"
      Selected<Boolean> first = Future.select(
          jobs.reserveAsync().map(permit -> {
            permit.send(nextJob()); // there is room, so this does not wait
            return true;
          }),
          control.receiveAsync().map(_ -> false)).await();
      first.rest().forEach(Future::close); // whichever it is, it has sent or taken nothing
      boolean sent = first.outcome().get();
      // @end
      assertThat(sent).isTrue();
      assertThat(jobs.tryReceive()).isEqualTo("job");
    });
  }

  private static String nextJob() {
    return "job";
  }

  @Test
  void closeNow() {
    Channel<AutoCloseable> connections = Channel.bounded(4);
    connections.send(() -> log.add("closed"));
    // @start region="closeNow"
    for (AutoCloseable connection : connections.closeNow()) {
      closeQuietly(connection); // nobody will receive it
    }
    // @end
    assertThat(log).containsExactly("closed");
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneshot() {
    Epollo.run(() -> {
      // @start region="oneshot"
      Oneshot<Integer> answer = Oneshot.create();
      Tasks.spawn(() -> {
        try (OneshotSender<Integer> sender = answer.sender()) {
          if (!sender.isClosed()) { // somebody waits still
            sender.send(42);
          }
        }
      });
      try (OneshotReceiver<Integer> receiver = answer.receiver()) {
        log.add("it is " + receiver.receive());
      }
      // @end
    });
    assertThat(log).containsExactly("it is 42");
  }

  @Test
  void broadcast() {
    Epollo.run(() -> {
      // @start region="broadcast"
      Broadcast<String> news = Broadcast.bounded(2);
      try (BroadcastReceiver<String> receiver = news.subscribe()) {
        news.send("one");
        news.send("two");
        news.send("three"); // does not wait for the receiver
        try {
          receiver.receive();
        } catch (LaggedException e) {
          log.add("missed " + e.missed());
        }
        log.add(receiver.receive());
      }
      // @end
    });
    assertThat(log).containsExactly("missed 1", "two");
  }

  @Test
  void replay() {
    Epollo.run(() -> {
      // @start region="replay"
      Broadcast<String> prices = Broadcast.bounded(16, 1); // who comes later begins with the last one
      Task<?> source = Tasks.spawn(() -> {
        try (prices; AsyncStream<String> quotes = quotes()) { // read once, for all
          quotes.forEach(prices::send);
        }
      });
      Object _ = source.join();
      String latest = AsyncStream.fromBroadcast(prices.subscribe()).first();
      // @end
      log.add(latest);
    });
    assertThat(log).containsExactly("7.02");
  }

  private static AsyncStream<String> quotes() {
    return AsyncStream.of("7.01", "7.02");
  }

  @Test
  void watch() {
    Epollo.run(() -> {
      // @start region="watch"
      Watch<Integer> limit = Watch.of(10);
      WatchObserver<Integer> observer = limit.observe();
      limit.set(20);
      limit.set(30);
      log.add("now " + observer.changed()); // the latest, not each one

      limit.updateIfChanged(n -> Math.min(n, 100)); // wakes nobody
      Tasks.spawn(() -> limit.update(n -> n + 1));
      log.add("then " + limit.waitFor(n -> n > 30));
      // @end
    });
    assertThat(log).containsExactly("now 30", "then 31");
  }
}
