package io.github.epollo.benchmarks.memory;

import io.github.epollo.benchmarks.Commands;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Told a number, starts sleeps of an hour, or ends some, until there are so many. The argument is what sleeps: "task" or "future" of Epollo, or "jdk", a virtual thread of the JDK. */
final class Sleepers {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int BATCH = 1000;

  private final String kind;
  private final Deque<Runnable> ends = new ArrayDeque<>();

  private Sleepers(String kind) {
    this.kind = kind;
  }

  public static void main(String[] args) throws Exception {
    Sleepers sleepers = new Sleepers(args[0]);
    Epollo epollo = Epollo.start(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP));
    Commands.serve((_, _, number, _) -> {
      epollo.call(() -> sleepers.hold(number));
      return number;
    });
    Runtime.getRuntime().halt(0); // nobody waits an hour
  }

  private void hold(int number) {
    while (ends.size() < number) {
      ends.push(start());
      if (ends.size() % BATCH == 0) {
        Tasks.yieldNow(); // until these wait
      }
    }
    while (ends.size() > number) {
      ends.pop().run();
      if (ends.size() % BATCH == 0) {
        Tasks.yieldNow(); // until these have ended
      }
    }
    Timers.sleep(Duration.ofMillis(500));
  }

  /** Starts a sleep; answers how to end it. */
  private Runnable start() {
    return switch (kind) {
      case "task" -> Tasks.spawn(() -> Timers.sleep(LONG))::cancel;
      case "future" -> Tasks.spawn(Timers.sleepAsync(LONG))::cancel;
      case "jdk" -> Thread.startVirtualThread(() -> {
        try {
          Thread.sleep(LONG);
        } catch (InterruptedException _) {
          // then it is over
        }
      })::interrupt;
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
