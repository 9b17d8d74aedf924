package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop that has run one and the same piece of work for too long: everything else on it waits. From {@link EpolloOptions#withWatchdog}.
 *
 * @param loop the loop
 * @param duration for how long, at the least
 * @param task the task that holds it, of whatever loop; null if it is one without a stack, or a waker, or if it has let go just now
 * @param stack where its thread is, the innermost frame first; empty if that cannot be told
 */
public record HeldLoop(Loop loop, Duration duration, @Nullable Task<?> task, List<StackTraceElement> stack) {
  private static final int FRAMES = 32; // a collection's iteration alone may take a dozen

  /** One line that says what holds the loop, and the innermost 32 frames; how many more there are is said, too. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(loop).append(" has been held for ").append(duration.toMillis())
        .append(" ms by ").append(task == null ? "work without a stack of its own" : task);
    stack.stream().limit(FRAMES).forEach(frame -> text.append("\n    at ").append(frame));
    if (stack.size() > FRAMES) {
      text.append("\n    ... ").append(stack.size() - FRAMES).append(" more");
    }
    return text.toString();
  }
}
