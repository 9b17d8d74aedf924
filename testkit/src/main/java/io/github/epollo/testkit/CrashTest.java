package io.github.epollo.testkit;

import io.github.epollo.testkit.sim.disk.CrashStates;
import io.github.epollo.testkit.sim.disk.Disk;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs code, and looks at what a crash of the machine would leave of its files: at each moment of the run at which that differs, and for each of the possibilities, if there are few, or some of them.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="crash"}
 *
 * <p>What a crash can leave: of a file, its content as of the last {@code fsync}, but each sector of 512 bytes that was written since may hold anything that it held since, and the size may be any that
 * the file had since. Of names, those as of the last {@code fsync} of their directory; of the changes since then any may be lost, each as a whole: a move happens or it does not, and
 * a later one may stay where an earlier one is lost, unless both are of the same file. A file that is synced does not thereby keep its name. Permissions and times stay. That is what POSIX promises; real file systems do better.
 *
 * <p>Immutable: each {@code with...} returns a changed copy.
 *
 * <p><b>Threading:</b> any thread outside a runtime may call {@link #verify}, and waits meanwhile.
 */
public final class CrashTest {
  private static final int DEFAULT_STATES = 64;

  private final Simulation simulation;
  private final Simulation.@Nullable Body preparation;
  private final Simulation.Body body;
  private final int states;

  private CrashTest(Simulation simulation, Simulation.@Nullable Body preparation, Simulation.Body body, int states) {
    this.simulation = simulation;
    this.preparation = preparation;
    this.body = body;
    this.states = states;
  }

  /** A test of {@code body}, which {@code simulation} runs once: its seed decides in which order things happen, and where not all possibilities are looked at, which ones are. */
  public static CrashTest of(Simulation simulation, Simulation.Body body) {
    return new CrashTest(Objects.requireNonNull(simulation, "simulation"), null, Objects.requireNonNull(body, "body"),
        DEFAULT_STATES);
  }

  /** Runs {@code preparation} before the body, in the same run: no crash takes away what that leaves on the disk. */
  public CrashTest withPreparation(Simulation.Body preparation) {
    return new CrashTest(simulation, Objects.requireNonNull(preparation, "preparation"), body, states);
  }

  /**
   * How many possibilities are looked at, at most, of each moment; 64 by default.
   *
   * @throws IllegalArgumentException if fewer than two
   */
  public CrashTest withStates(int max) {
    if (max < 2) {
      throw new IllegalArgumentException(
          "cannot look at " + max + " states only: that nothing is lost and that all is are two");
    }
    return new CrashTest(simulation, preparation, body, max);
  }

  /** Looks at the disk after a crash. */
  @FunctionalInterface
  public interface Check {
    /**
     * Runs as a task of the machine as it is started again, with its disk as the crash left it.
     *
     * @param returned whether the crash came after the body had returned
     * @throws Exception if what is left is wrong
     */
    void check(World world, boolean returned) throws Exception;
  }

  private record Moment(int change, boolean returned, Disk disk) {}

  /**
   * Runs the body, and then {@code check} on each different thing that a crash could have left.
   *
   * @return how many there were
   * @throws AssertionError if the check fails; it names the moment, and tells what is on the disk
   * @throws RuntimeException what the body throws, as {@link Simulation#run} describes
   */
  public int verify(Check check) {
    Objects.requireNonNull(check, "check");
    Map<String, Moment> moments = moments();
    int number = 0;
    for (Map.Entry<String, Moment> entry : moments.entrySet()) {
      Moment moment = entry.getValue();
      number++;
      try {
        Trace _ = simulation.withFaults(Faults.none()).prepare(null)
            .on(moment.disk).run(world -> check.check(world, moment.returned));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("the check fails after a crash " + when(moment) + " (state " + number + " of "
            + moments.size() + "), which left this on the disk:\n" + entry.getKey(), e);
      }
    }
    return number;
  }

  private static String when(Moment moment) {
    return moment.returned ? "when the body had returned" : "at change " + moment.change + " of the disk";
  }

  /** What crashes leave, by a text that tells them apart; of two that are alike the later one counts, which must hold more. */
  private Map<String, Moment> moments() {
    Map<String, Moment> moments = new LinkedHashMap<>();
    Trace _ = simulation.run(world -> {
      if (preparation != null) {
        preparation.run(world);
      }
      SimKernel host = world.host(Simulation.MAIN_HOST);
      int[] changes = {0};
      Runnable look = () -> collect(host.mounted(), changes[0]++, false, moments);
      host.observe(look);
      body.run(world);
      host.observe(null);
      collect(host.mounted(), changes[0], true, moments);
    });
    return moments;
  }

  private void collect(Disk disk, int change, boolean returned, Map<String, Moment> moments) {
    CrashStates.of(disk, states, simulation.seed + change).forEach((text, left) -> {
      Moment moment = new Moment(change, returned, left);
      if (returned) {
        moments.put(text, moment);
      } else {
        moments.putIfAbsent(text, moment);
      }
    });
  }

  @Override
  public String toString() {
    return "crashes of " + simulation;
  }
}
