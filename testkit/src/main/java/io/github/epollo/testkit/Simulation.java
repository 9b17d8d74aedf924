package io.github.epollo.testkit;

import io.github.epollo.runtime.loop.Loop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs code that waits on a simulated machine: the production runtime on a kernel in memory, in virtual time. The order in which ready tasks run, and what goes
 * wrong, are drawn from a seed; the same seed gives the same run, call by call.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="simulation"}
 *
 * <p>Immutable: each {@code with...} returns a changed copy. {@link #run} may be called any number of times; each run begins anew.
 *
 * <p>What fails is thrown with a {@link SimulationReport} among its suppressed exceptions, which tells the seed, how to run it again, and what happened last.
 *
 * <p><b>What is not simulated:</b> the JDK's own blocking calls ({@code Thread.sleep}, locks with a time-out, its sockets), its clocks, and threads that the
 * code starts: they take real time and come in an order of their own. So does a {@code synchronized} that a task finds taken by another that waits inside it: the JDK hands
 * monitors over on a thread of its own. A {@code ReentrantLock} is simulated.
 *
 * <p><b>Threading:</b> any thread may call {@link #run}, and waits meanwhile.
 */
public final class Simulation {
  /** The system property that {@link #ofRandomSeed} takes its seed from. */
  public static final String SEED_PROPERTY = "epollo.seed";

  /** The address of the host that {@link #run} runs its body on. */
  public static final String MAIN_HOST = "10.0.0.1";

  private static final SecureRandom SEEDS = new SecureRandom();
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);
  private static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(2);

  private static final long DEFAULT_ORIGIN = 1_000_000_000_000L; // some time after boot

  final long seed;
  final @Nullable Schedule schedule;
  final Faults faults;
  final boolean automaticTime;
  final long clockOrigin;
  final Duration limit;
  final Duration stallLimit;
  final boolean openFdsAllowed;
  final boolean replayable; // the system property has it run with another seed

  private Simulation(
      long seed,
      @Nullable Schedule schedule,
      Faults faults,
      boolean automaticTime,
      long clockOrigin,
      Duration limit,
      Duration stallLimit,
      boolean openFdsAllowed,
      boolean replayable) {
    this.seed = seed;
    this.schedule = schedule;
    this.faults = faults;
    this.automaticTime = automaticTime;
    this.clockOrigin = clockOrigin;
    this.limit = limit;
    this.stallLimit = stallLimit;
    this.openFdsAllowed = openFdsAllowed;
    this.replayable = replayable;
  }

  /** A simulation whose choices are drawn from {@code seed}; without faults, and with time that moves by itself. */
  public static Simulation ofSeed(long seed) {
    return new Simulation(seed, null, Faults.none(), true, DEFAULT_ORIGIN, DEFAULT_LIMIT, DEFAULT_STALL_LIMIT, false,
        false);
  }

  /**
   * A simulation with another seed each time; with the system property {@code epollo.seed}, with that one.
   *
   * @throws IllegalArgumentException if the property is no number
   */
  public static Simulation ofRandomSeed() {
    Long given = replayedSeed();
    return ofSeed(given != null ? given : SEEDS.nextLong()).replayable();
  }

  /** For whoever takes the seed from the system property: a failure then tells how to set it. */
  Simulation replayable() {
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, limit, stallLimit, openFdsAllowed, true);
  }

  /** The seed that the system property asks for, or null. */
  static @Nullable Long replayedSeed() {
    String text = System.getProperty(SEED_PROPERTY);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the system property " + SEED_PROPERTY + " is \"" + text + "\"; set it to a seed, which is a long", e);
    }
  }

  /** Takes the order of ready tasks from {@code schedule} instead of the seed. */
  public Simulation withSchedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, limit, stallLimit, openFdsAllowed,
        replayable);
  }

  /** What is to go wrong. */
  public Simulation withFaults(Faults faults) {
    Objects.requireNonNull(faults, "faults");
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, limit, stallLimit, openFdsAllowed,
        replayable);
  }

  /** Time moves only when {@link World#time()} is told to move it. */
  public Simulation withManualTime() {
    return new Simulation(seed, schedule, faults, false, clockOrigin, limit, stallLimit, openFdsAllowed, replayable);
  }

  /**
   * What the monotonic clock shows at the beginning, in nanoseconds; 1000 s by default.
   *
   * @throws IllegalArgumentException if negative: Linux sets no timer for a negative time
   */
  public Simulation withClockOrigin(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("negative clock origin: " + nanos + "; CLOCK_MONOTONIC begins at 0");
    }
    return new Simulation(seed, schedule, faults, automaticTime, nanos, limit, stallLimit, openFdsAllowed, replayable);
  }

  /**
   * How long a run may take in real time, after which it fails with the stacks of all tasks; a minute by default.
   *
   * @throws IllegalArgumentException if not positive
   */
  public Simulation withLimit(Duration limit) {
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, requirePositive("limit", limit),
        stallLimit, openFdsAllowed, replayable);
  }

  /**
   * How long, in real time, nothing at all may be ready and no timer set, before the run fails as one that can never end; two seconds by default. Longer if
   * other threads hand results in and need longer for them.
   *
   * @throws IllegalArgumentException if not positive
   */
  public Simulation withStallLimit(Duration stallLimit) {
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, limit,
        requirePositive("stall limit", stallLimit), openFdsAllowed, replayable);
  }

  /** Tolerates sockets, files and pipes that are open when all tasks of a host have ended: they are closed with its runtime. Without this, the run fails then, and names them. */
  public Simulation withOpenFdsAllowed() {
    return new Simulation(seed, schedule, faults, automaticTime, clockOrigin, limit, stallLimit, true, replayable);
  }

  private static Duration requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive: " + duration);
    }
    return duration;
  }

  /**
   * Runs {@code body} as a task on the host {@link #MAIN_HOST}, and returns when it has ended. Tasks and hosts that it leaves behind are cancelled; sockets and files
   * that are open after that, and tasks that ignore it, are a failure. So is an {@link AssertionError} of a task that nobody joins, and whatever another host fails
   * with that nobody asked for.
   *
   * @return what happened
   * @throws RuntimeException what the body throws, as {@link io.github.epollo.runtime.future.Future#await} describes
   * @throws AssertionError if something was left open, nothing could happen any more, or the limit has passed
   * @throws IllegalStateException inside a runtime, or if the JVM does not let loops carry tasks; the message names the flag
   */
  public Trace run(Body body) {
    Objects.requireNonNull(body, "body");
    if (Loop.currentOrNull() != null) {
      throw new IllegalStateException(
          "cannot run a simulation inside " + Loop.currentOrNull() + ", it would stop that loop");
    }
    return prepare(Replay.testOnStack()).run(body);
  }

  SimulationRun prepare(@Nullable String testName) {
    return new SimulationRun(this, testName);
  }

  /** What a simulation runs. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs as a task.
     *
     * @throws Exception if it fails
     */
    void run(World world) throws Exception;
  }

  /** The code that makes this simulation again, but for its faults, which are listed after it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Simulation.ofSeed(").append(seed).append("L)");
    if (schedule != null) {
      text.append(".withSchedule(").append(schedule).append(')');
    }
    if (clockOrigin != DEFAULT_ORIGIN) {
      text.append(".withClockOrigin(").append(clockOrigin).append("L)");
    }
    return text.append(automaticTime ? "" : ".withManualTime()").append(" with ").append(faults).toString();
  }
}
