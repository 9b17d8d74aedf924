package io.github.epollo.examples;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.ScopePolicy;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.TaskScope;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.timers.Retry;
import io.github.epollo.timers.Timers;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Asks several servers for their offers at once. Each is asked again, after a pause that grows, when it fails; and all must have answered by one deadline.
 *
 * <p>The servers are its own: some are quick, some fail now and then, and one is too slow.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=FanOut
 * mvn compile exec:exec -Dexample=FanOut -Dexample.args="--servers 20 --deadline 300"
 * </pre>
 */
public final class FanOut {
  private static final int LINE_LIMIT = 100;
  private static final Retry RETRY = Retry.attempts(5)
      .withBackoff(Duration.ofMillis(10), 2, Duration.ofMillis(100));

  private FanOut() {}

  /** Prints the offers, and ends. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("FanOut [--servers N] [--deadline MILLIS] [--seed N]", args);
    int count = arguments.number("--servers", 5, 1, 1000);
    Duration deadline = Duration.ofMillis(arguments.number("--deadline", 500, 1, 60_000));
    Random random = new Random(arguments.number("--seed", 1, 0, 999_999_999));
    arguments.end();

    Epollo.run(() -> {
      // The servers are tied to the scope, and end with it.
      try (var servers = TaskScope.open(ScopePolicy.supervise())) {
        List<SocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", 0));
          addresses.add(listener.localAddress());
          Duration delay = i == count - 1 ? deadline.multipliedBy(10) : Duration.ofMillis(random.nextInt(50));
          int price = 100 + random.nextInt(100);
          servers.spawnBackground(() -> offer(listener, delay, price));
        }
        print(offers(addresses, deadline));
      }
    });
  }

  /** Asks all, and waits for each to answer or to fail; those that have done neither by the deadline are cancelled. */
  static List<Outcome<String>> offers(List<SocketAddress> addresses, Duration deadline) {
    List<Task<String>> tasks = new ArrayList<>();
    try (var scope = TaskScope.open(ScopePolicy.<String>collectAll(), o -> o.withTimeout(deadline))) {
      for (SocketAddress address : addresses) {
        tasks.add(scope.spawn(() -> askAgain(address)));
      }
      return scope.join();
    } catch (DeadlineExceededException e) {
      return tasks.stream().map(FanOut::outcome).toList();
    }
  }

  private static Outcome<String> outcome(Task<String> task) {
    Outcome<String> outcome = task.nowOrNever();
    if (outcome == null) {
      throw new IllegalStateException(task + " has outlived its scope");
    }
    return outcome;
  }

  private static String askAgain(SocketAddress address) throws IOException {
    return RETRY.call(() -> ask(address));
  }

  private static String ask(SocketAddress address) throws IOException {
    try (TcpStream stream = TcpStream.connect(address)) {
      String line = new BufferedAsyncReader(stream).readLine(LINE_LIMIT);
      if (line == null) {
        throw new EOFException("no offer from " + address);
      }
      return line;
    }
  }

  /** A server that fails every second time, and else takes {@code delay} to answer. */
  static void offer(TcpListener listener, Duration delay, int price) throws IOException {
    try (listener) {
      boolean fails = true;
      for (TcpStream stream : listener.incoming()) {
        try (stream) {
          if (!fails) {
            Timers.sleep(delay);
            stream.writeFully(ByteBuffer.wrap((price + "\n").getBytes(StandardCharsets.US_ASCII)));
          }
        }
        fails = !fails;
      }
    }
  }

  private static void print(List<Outcome<String>> offers) {
    for (Outcome<String> offer : offers) {
      System.out.println(switch (offer) {
        case Poll.Ready<String>(String price) -> "offer: " + price;
        case Poll.Failed<String>(Throwable cause) -> "none: " + cause;
      });
    }
  }
}
