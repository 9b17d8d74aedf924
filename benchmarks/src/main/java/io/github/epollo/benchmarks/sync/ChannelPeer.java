package io.github.epollo.benchmarks.sync;

import com.sun.management.ThreadMXBean;
import io.github.epollo.benchmarks.Commands;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The workloads of the benchmark "channels": a value goes from one task to another until the time is over, or from a task to itself. An operation is a value that has arrived.
 */
abstract class ChannelPeer {
  /** Ends what is received. */
  static final Object END = new Object();

  private static final Object VALUE = new Object();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long received;

  /** How values go. */
  interface Pipe {
    void send(Object value) throws InterruptedException;

    Object receive() throws InterruptedException;
  }

  /** What a task does. */
  interface Body {
    void run() throws InterruptedException;
  }

  /** The same as {@link #bounded}, for one task that never finds it full or empty. */
  @Nullable
  Pipe alone(int capacity) {
    return bounded(capacity);
  }

  /** Room for {@code capacity} values; null if there is no such thing. */
  abstract @Nullable Pipe bounded(int capacity);

  /** Room for any number; null if there is no such thing. */
  abstract @Nullable Pipe unbounded();

  /** Sends wait for who takes; null if there is no such thing. */
  abstract @Nullable Pipe rendezvous();

  /** Lets the other task go first. */
  abstract void giveWay();

  /** Runs each in a task of its own, and waits until all have ended. */
  abstract void inTasks(Body... bodies) throws InterruptedException;

  /** Answers commands until there are no more. */
  final void serve() throws Exception {
    Commands.answer((workload, _, capacity, end) -> {
      Pipe pipe = switch (workload) {
        case "alone" -> alone(capacity);
        case "pass" -> bounded(capacity);
        case "unbounded" -> unbounded();
        case "rendezvous" -> rendezvous();
        default -> null;
      };
      if (pipe == null) {
        return "none";
      }
      received = 0;
      long allocated = THREADS.getTotalThreadAllocatedBytes();
      if (workload.equals("alone")) {
        inTasks(() -> alone(pipe, end));
      } else {
        boolean endless = workload.equals("unbounded"); // sending never waits, and nobody else would run
        inTasks(() -> receive(pipe), () -> send(pipe, endless, end));
      }
      return "%d bytes/op=%.2f".formatted(received,
          (double) (THREADS.getTotalThreadAllocatedBytes() - allocated) / received);
    });
  }

  private void alone(Pipe pipe, long end) throws InterruptedException {
    do {
      for (int i = 0; i < Commands.BATCH; i++) {
        pipe.send(VALUE);
        check(pipe.receive() == VALUE);
        received++;
      }
    } while (Commands.before(end));
  }

  private void send(Pipe pipe, boolean endless, long end) throws InterruptedException {
    do {
      for (int i = 0; i < Commands.BATCH; i++) {
        pipe.send(VALUE);
      }
      if (endless) {
        giveWay();
      }
    } while (Commands.before(end));
    pipe.send(END);
  }

  private void receive(Pipe pipe) throws InterruptedException {
    Object value;
    while ((value = pipe.receive()) == VALUE) {
      received++;
    }
    check(value == END);
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
