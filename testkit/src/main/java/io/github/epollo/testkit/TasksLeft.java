package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.loop.WaitHook;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Closes a runtime and finds the tasks that ignore it. The runtime only logs them, and has torn them from what they wait for when it returns: so they are looked at
 * each time that its loop is about to wait for them.
 */
final class TasksLeft implements WaitHook {
  /** How long a runtime is closing, in virtual time, before its tasks count as ignoring that: longer than a jump of the clock or two. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** For the options; a little more, as the clock may be read in the past. */
  static final Duration CLOSE_TIMEOUT = LIMIT.plusSeconds(1);

  private final Epollo epollo;
  private String waitedFor = "";

  private TasksLeft(Epollo epollo) {
    this.epollo = epollo;
  }

  /** Closes {@code epollo}, which the caller's thread runs; answers its tasks that have not ended, as text, or null. */
  static @Nullable String close(Epollo epollo, VirtualTime time) {
    TasksLeft left = new TasksLeft(epollo);
    long before = time.now();
    epollo.loop().addWaitHook(left);
    epollo.close();
    return time.now() - before < LIMIT.toNanos() ? null : left.waitedFor;
  }

  @Override
  public void beforeWait(boolean mayBlock) {
    if (mayBlock) {
      waitedFor = epollo.dump();
    }
  }
}
