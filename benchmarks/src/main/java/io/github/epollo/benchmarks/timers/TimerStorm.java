package io.github.epollo.benchmarks.timers;

import io.github.epollo.benchmarks.harness.Options;
import io.github.epollo.benchmarks.harness.Results;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many timers due at one instant: how long they keep the loop from its I/O, and what one of them costs.
 *
 * <p>A client on a thread of its own sends a byte to the loop and waits for it to come back, again and again. Its slowest round trip while the timers fire is what
 * they cost others; the slowest one before is what the machine does anyway. The loop's own view is the longest time between two looks for events.
 *
 * <p>{@code --timers N --rounds N}, and what {@link Results} wants. Prints a table in Markdown.
 */
final class TimerStorm {
  private static final Duration AHEAD = Duration.ofSeconds(2);

  private enum Phase {
    ARMING, BEFORE, DURING
  }

  private final Kernel kernel = LinuxKernel.get();
  private final int timers;
  private final AtomicInteger fired = new AtomicInteger();
  private volatile Phase phase = Phase.ARMING;
  private final AtomicBoolean stop = new AtomicBoolean();
  private long slowestBefore;
  private long slowestDuring;
  private long lastLook;
  private long longestBlind;

  private TimerStorm(int timers) {
    this.timers = timers;
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.parse(args);
    int timers = options.number("--timers");
    int rounds = options.number("--rounds");
    List<Object> figures = new ArrayList<>();
    System.out.println(
        "| round | storm, ms | ns a timer | round trip before, ms | during, ms | longest without a look, ms | GC, ms |\n"
            + "|--:|--:|--:|--:|--:|--:|--:|");
    for (int round = 1; round <= rounds; round++) {
      System.gc();
      figures.add(new TimerStorm(timers).run(round));
    }
    Results results = new Results(options);
    results.put("figures", figures);
    results.write();
  }

  private Map<String, Object> run(int round) {
    return Epollo.run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP).withKernel(watched()), () -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        Thread client = Thread.ofPlatform().start(() -> pingPong(listener));
        Task<?> echo = Tasks.spawn(() -> echo(listener));
        Sleep[] sleeps = new Sleep[timers];
        long instant = Loop.current().now() + AHEAD.toNanos();
        Waker waker = fired::incrementAndGet;
        for (int i = 0; i < timers; i++) {
          Sleep sleep = Timers.sleepUntilAsync(instant);
          sleep.poll(waker);
          sleeps[i] = sleep;
          if (i % 1000 == 0) {
            Tasks.yieldNow();
          }
        }
        phase = Phase.BEFORE;
        Timers.sleepUntil(instant - 1_000_000);
        long collected = collectorMillis();
        longestBlind = 0;
        phase = Phase.DURING;
        while (fired.get() < timers) {
          Tasks.yieldNow();
        }
        long end = kernel.clockGettime(Clocks.MONOTONIC);
        phase = Phase.ARMING;
        long blind = longestBlind;
        stop.set(true);
        echo.join();
        client.join();
        long nanos = end - instant;
        System.out.printf("| %d | %.1f | %.0f | %.2f | %.2f | %.2f | %.0f |%n", round, nanos / 1e6,
            (double) nanos / timers, slowestBefore / 1e6, slowestDuring / 1e6,
            blind / 1e6,
            (double) (collectorMillis() - collected));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("round", round);
        figures.put("stormNanos", nanos);
        figures.put("slowestBeforeNanos", slowestBefore);
        figures.put("slowestDuringNanos", slowestDuring);
        figures.put("longestWithoutALookNanos", blind);
        figures.put("collectorMillis", collectorMillis() - collected);
        return figures;
      }
    });
  }

  /** The kernel, and when the loop looks for events. */
  private Kernel watched() {
    return (Kernel) Proxy.newProxyInstance(TimerStorm.class.getClassLoader(), new Class<?>[]{Kernel.class},
        (_, method, args) -> {
          boolean look = method.getName().equals("epollWait");
          if (look) {
            longestBlind = Math.max(longestBlind, kernel.clockGettime(Clocks.MONOTONIC) - lastLook);
          }
          try {
            return method.invoke(kernel, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          } finally {
            if (look) {
              lastLook = kernel.clockGettime(Clocks.MONOTONIC);
            }
          }
        });
  }

  private void pingPong(TcpListener listener) {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    try (SocketChannel channel = SocketChannel.open(listener.localAddress())) {
      while (!stop.get()) {
        Phase began = phase;
        long before = kernel.clockGettime(Clocks.MONOTONIC);
        channel.write(one.clear());
        channel.read(one.clear());
        long nanos = kernel.clockGettime(Clocks.MONOTONIC) - before;
        switch (began) {
          case ARMING -> {}
          case BEFORE -> slowestBefore = Math.max(slowestBefore, nanos);
          case DURING -> slowestDuring = Math.max(slowestDuring, nanos);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void echo(TcpListener listener) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(16);
    try (TcpStream stream = listener.accept()) {
      while (stream.read(bytes.clear()) >= 0) {
        stream.writeFully(bytes.flip());
      }
    }
  }

  private static long collectorMillis() {
    return java.lang.management.ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(b -> b.getCollectionTime()).sum();
  }
}
