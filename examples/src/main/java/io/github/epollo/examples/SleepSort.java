package io.github.epollo.examples;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Sorts numbers by sleeping as many milliseconds: sleep, deadline and cancel in two minutes.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=SleepSort -Dexample.args="300 20 100 5000"
 * </pre>
 */
public final class SleepSort {
  private SleepSort() {}

  /** Prints the numbers given, the smallest first; those that need longer than a second are given up. */
  public static void main(String[] args) {
    List<Integer> numbers = args.length == 0
        ? List.of(300, 20, 100, 5000)
        : List.of(args).stream().map(Integer::valueOf).toList();

    Epollo.run(() -> {
      List<Task<?>> sleepers = new ArrayList<>();
      for (int number : numbers) {
        sleepers.add(Tasks.spawn("sleeper " + number, () -> {
          try {
            Timers.sleep(Duration.ofMillis(number));
            System.out.println(number);
          } catch (CancellationException e) {
            System.out.println(number + " was too lazy: " + e.getMessage());
          }
        }));
      }
      try {
        Timers.withTimeout(Duration.ofSeconds(1), () -> sleepers.forEach(Task::join));
      } catch (DeadlineExceededException e) {
        System.out.println("a second is enough");
        for (Task<?> sleeper : sleepers) {
          sleeper.cancel().await(); // returns when the task has ended
        }
      }
    });
  }
}
