package io.github.epollo.benchmarks.sync;

import com.sun.management.OperatingSystemMXBean;
import io.github.epollo.benchmarks.harness.Options;
import io.github.epollo.benchmarks.harness.Results;
import io.github.epollo.benchmarks.harness.Statistics;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.runtime.sync.SendResult;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.ToDoubleFunction;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * What it costs to hand a value over.
 *
 * <p>First on one thread, where each value is taken as soon as it was sent: a bounded channel against the array queue of JCTools. Then between two who wait for each
 * other: two tasks on one loop, against a {@code LinkedTransferQueue} and two virtual threads on the JDK's scheduler.
 *
 * <p>Where the machine is busy with other things, only the CPU time says something. The peers take turns, and each round divides what one of them took by what its peer took in that round. {@code --rounds N}, and what {@link Results} wants. Prints tables in Markdown.
 */
final class ChannelBenchmark {
  private static final int CAPACITY = 1024;
  private static final int PAIRS = 2_000_000;
  private static final int VALUES = 500_000;
  private static final int WARM_UP = 3; // rounds

  private static final OperatingSystemMXBean OS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Moves so many values. */
  private interface Move {
    void run(int values) throws Exception;
  }

  /** What a value takes, in nanoseconds: by the clock, and of all processors together. */
  private record Cost(double time, double cpu) {}

  private record Peer(String name, int values, Move move) {
    Cost costPerValue() throws Exception {
      long cpu = OS.getProcessCpuTime();
      long start = System.nanoTime();
      move.run(values);
      long time = System.nanoTime() - start;
      return new Cost((double) time / values, (double) (OS.getProcessCpuTime() - cpu) / values);
    }
  }

  private ChannelBenchmark() {}

  public static void main(String[] args) throws Exception {
    Options options = Options.parse(args);
    int rounds = options.number("--rounds");
    Results results = new Results(options);
    compare("one thread, sent and taken", rounds, results,
        List.of(new Peer("JCTools, offer and poll", PAIRS, ChannelBenchmark::offerAndPoll),
            new Peer("channel, trySend and tryReceive", PAIRS, ChannelBenchmark::tryOnOneThread),
            new Peer("channel, send and receive", PAIRS, ChannelBenchmark::sendAndReceive),
            new Peer("channel, send and receive in a task", PAIRS,
                n -> onLoop(() -> sendAndReceive(n)))));
    compare("from one to the other, with a buffer", rounds, results,
        List.of(new Peer("LinkedTransferQueue.put, virtual threads", VALUES, n -> transferQueue(n, false)),
            new Peer("channel of 1024, tasks", VALUES, n -> channel(Channel.bounded(CAPACITY), n)),
            new Peer("channel of 16, tasks", VALUES, n -> channel(Channel.bounded(16), n)),
            new Peer("unbounded channel, tasks", VALUES, n -> channel(Channel.unbounded(), n))));
    compare("from one to the other, one by one", rounds, results,
        List.of(new Peer("LinkedTransferQueue.transfer, virtual threads", VALUES, n -> transferQueue(n, true)),
            new Peer("channel of 1, tasks", VALUES, n -> channel(Channel.bounded(1), n)),
            new Peer("rendezvous channel, tasks", VALUES, n -> channel(Channel.rendezvous(), n))));
    results.write();
  }

  private static void compare(String title, int rounds, Results results, List<Peer> peers) throws Exception {
    List<List<Cost>> costs = new ArrayList<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      List<Cost> ofRound = new ArrayList<>();
      for (Peer peer : peers) {
        ofRound.add(peer.costPerValue());
      }
      if (round >= 0) {
        costs.add(ofRound);
      }
    }
    System.out.println(
        "| " + title + " | ns a value | of the first | CPU ns a value | of the first |\n|---|--:|--:|--:|--:|");
    for (int i = 0; i < peers.size(); i++) {
      int peer = i;
      System.out.println("| %s | %.1f | %.2f | %.1f | %.2f |".formatted(peers.get(i).name,
          median(costs, c -> c.get(peer).time), median(costs, c -> c.get(peer).time / c.get(0).time),
          median(costs, c -> c.get(peer).cpu), median(costs, c -> c.get(peer).cpu / c.get(0).cpu)));
    }
    System.out.println();
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, Statistics.Estimate> chart = new LinkedHashMap<>();
    for (int i = 0; i < peers.size(); i++) {
      int peer = i;
      figures.put(peers.get(i).name, costs.stream().map(c -> List.of(c.get(peer).time, c.get(peer).cpu)).toList());
      if (i > 0) {
        chart.put(peers.get(i).name,
            Statistics.bootstrap(costs.stream().mapToDouble(c -> c.get(peer).cpu / c.get(0).cpu)
                .toArray()));
      }
    }
    results.put(title + ": ns and CPU ns a value, by round", figures);
    results.chart(title + ": CPU, of " + peers.getFirst().name, chart);
  }

  private static double median(List<List<Cost>> rounds, ToDoubleFunction<List<Cost>> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static void offerAndPoll(int values) {
    Queue<Object> queue = new MpmcVarHandleArrayQueue<>(CAPACITY);
    Object value = new Object();
    for (int i = 0; i < values; i++) {
      check(queue.offer(value));
      check(queue.poll() == value);
    }
  }

  private static void tryOnOneThread(int values) {
    Channel<Object> channel = Channel.bounded(CAPACITY);
    Object value = new Object();
    for (int i = 0; i < values; i++) {
      check(channel.trySend(value) == SendResult.SENT);
      check(channel.tryReceive() == value);
    }
  }

  private static void sendAndReceive(int values) {
    Channel<Object> channel = Channel.bounded(CAPACITY);
    Object value = new Object();
    for (int i = 0; i < values; i++) {
      channel.send(value);
      check(channel.receive() == value);
    }
  }

  private static void transferQueue(int values, boolean oneByOne) throws InterruptedException {
    LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();
    Object value = new Object();
    Thread receiver = Thread.ofVirtual().start(() -> {
      try {
        for (int i = 0; i < values; i++) {
          check(queue.take() == value);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    Thread sender = Thread.ofVirtual().start(() -> {
      try {
        for (int i = 0; i < values; i++) {
          if (oneByOne) {
            queue.transfer(value);
          } else {
            queue.put(value);
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    sender.join();
    receiver.join();
  }

  private static void channel(Channel<Object> channel, int values) {
    Object value = new Object();
    onLoop(() -> {
      Task<?> receiver = Tasks.spawn(() -> {
        for (int i = 0; i < values; i++) {
          check(channel.receive() == value);
        }
      });
      Task<?> sender = Tasks.spawn(() -> {
        for (int i = 0; i < values; i++) {
          channel.send(value);
        }
      });
      sender.join();
      receiver.join();
    });
  }

  private static void onLoop(Runnable body) {
    Epollo.run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP), body::run);
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
