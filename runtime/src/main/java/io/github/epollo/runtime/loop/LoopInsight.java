package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.driver.LeakTracker;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know of loops, beyond what they count in any case.
 *
 * @param limit how long a loop may run one work, in nanoseconds, before {@code listener} is told
 * @param listener null if nobody wants to know
 * @param measures whether the loops measure times: {@link LoopMetrics#turnTime}
 * @param leaks remembers where registrations were opened; null if nobody wants to know
 */
public record LoopInsight(long limit, @Nullable HoldListener listener, boolean measures,
    @Nullable LeakTracker leaks) {
  /** Nothing. */
  public static final LoopInsight NONE = new LoopInsight(0, null, false, null);
}
