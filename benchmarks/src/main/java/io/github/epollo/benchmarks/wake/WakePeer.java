package io.github.epollo.benchmarks.wake;

import io.github.epollo.benchmarks.Commands;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The main thread submits bursts to a loop that waits: so many tasks at once, and the next when all have run and a pause has passed. The argument is who has the loop: "task", Epollo's spawn; "execute", its loop as an executor;
 * or "netty". The latency is that of the first task of a burst, from before it was submitted; the writes are those that the kernel has counted for the process (syscw).
 */
final class WakePeer {
  private static final int MOST = 1 << 20;
  private static final long PAUSE = 50_000;

  private final Executor loop;
  private final long[] latencies = new long[MOST];
  private int samples;
  private volatile long ran;

  private WakePeer(Executor loop) {
    this.loop = loop;
  }

  public static void main(String[] args) throws Exception {
    WakePeer peer = new WakePeer(loop(args[0]));
    Commands.answer((workload, _, size, end) -> workload.equals("burst") ? peer.burst(size, end) : "none");
    Runtime.getRuntime().halt(0); // the loops have nothing to finish
  }

  private static Executor loop(String kind) {
    if (kind.equals("netty")) {
      return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    }
    Epollo epollo = Epollo.start(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP));
    return kind.equals("task") ? work -> epollo.spawn(work::run) : epollo.loop();
  }

  private String burst(int size, long end) throws IOException {
    samples = 0;
    ran = 0;
    long bursts = 0;
    long writes = writes();
    do {
      LockSupport.parkNanos(PAUSE);
      long sent = System.nanoTime();
      loop.execute(() -> {
        if (samples < MOST) {
          latencies[samples++] = System.nanoTime() - sent;
        }
        count();
      });
      for (int i = 1; i < size; i++) {
        loop.execute(this::count);
      }
      bursts++;
      while (ran < bursts * size) {
        LockSupport.parkNanos(PAUSE);
      }
    } while (Commands.before(end));
    writes = writes() - writes;
    Arrays.sort(latencies, 0, samples);
    return "%d p50-us=%.2f p99-us=%.2f writes/burst=%.3f".formatted(bursts * size, latencies[samples / 2] / 1e3,
        latencies[(int) (samples * 99L / 100)] / 1e3, (double) writes / bursts);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // tasks take turns on one thread
  private void count() {
    ran++;
  }

  private static long writes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream().filter(line -> line.startsWith("syscw: "))
        .mapToLong(line -> Long.parseLong(line.substring("syscw: ".length()))).sum();
  }
}
