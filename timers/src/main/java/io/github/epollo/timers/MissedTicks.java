package io.github.epollo.timers;

/**
 * What an {@link Interval} does about ticks that nobody took in time. With a period of 10 ms, and a consumer that takes the tick of 10 ms and then is busy until
 * 37 ms, the ticks are due at
 *
 * <table>
 * <caption>Ticks after a delay, in milliseconds</caption>
 * <tr><th>policy</th><th>taken at 37 ms</th><th>after that</th><th>for</th></tr>
 * <tr><td>{@link #BURST}</td><td>20, and 30 at once</td><td>40, 50, 60</td><td>work that must be done once for each period</td></tr>
 * <tr><td>{@link #DELAY}</td><td>20</td><td>47, 57, 67</td><td>a pause of a period between any two</td></tr>
 * <tr><td>{@link #SKIP}</td><td>20</td><td>40, 50, 60</td><td>the grid without the work that is late</td></tr>
 * </table>
 */
public enum MissedTicks {
  /** All of them come, as fast as they are taken, until the interval is on time again. The default. */
  BURST {
    @Override
    long next(long scheduled, long now, long period) {
      return Deadlines.after(scheduled, period);
    }
  },

  /**
   * The one that is late comes, and the next a whole period after it was taken: the grid moves. A tick that is taken less than 5 ms late, or half a period if that
   * is less, is on time and moves nothing.
   */
  DELAY {
    @Override
    long next(long scheduled, long now, long period) {
      boolean late = now - scheduled >= Math.min(ON_TIME, period / 2 + 1);
      return Deadlines.after(late ? now : scheduled, period);
    }
  },

  /** The one that is late comes, and then the next on the grid that is still ahead. */
  SKIP {
    @Override
    long next(long scheduled, long now, long period) {
      return Deadlines.after(now - (now - scheduled) % period, period);
    }
  };

  private static final long ON_TIME = 5_000_000;

  /** The deadline of the tick after the one of {@code scheduled}, which is taken at {@code now}, not earlier than scheduled; in nanoseconds. */
  abstract long next(long scheduled, long now, long period);
}
