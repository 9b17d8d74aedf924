package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Where a runtime's random choices come from: which of two ready futures a {@link Future#race} looks at first, how long a retry pauses. Each loop has one, so that a
 * test that gives the runtime a seed sees the same choices again.
 *
 * <p>It is for fairness, not for secrets. It is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), whose only state is a
 * counter.
 *
 * <p><b>Threading:</b> may be used from any thread, without a lock.
 */
public final class Chance implements RandomGenerator {
  private static final long STEP = 0x9e3779b97f4a7c15L; // 2^64 divided by the golden ratio
  private static final Chance OF_PLAIN_THREADS = new Chance(new Random().nextLong());

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Chance.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings({"unused", "FieldMayBeFinal"}) // through STATE
  private long state;

  /** Creates one whose choices {@code seed} determines. */
  public Chance(long seed) {
    this.state = seed;
  }

  /** Returns the one of the current loop; one for all, seeded at random, outside any runtime. */
  public static Chance current() {
    Awaiter bound = Awaiter.bound();
    return bound == null ? OF_PLAIN_THREADS : bound.chance();
  }

  static Chance ofPlainThreads() {
    return OF_PLAIN_THREADS;
  }

  @Override
  public long nextLong() {
    long z = (long) STATE.getAndAdd(this, STEP) + STEP; // no two calls get the same
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
