package io.github.epollo.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** Recorded when the watchdog finds that a loop is held. */
@Name("io.github.epollo.HeldLoop")
@Label("Held Loop")
@Description("A loop that has run one and the same work for too long, as its watchdog has found")
@Category("Epollo")
@Enabled(false)
@StackTrace(false) // which would be the watchdog's
final class HeldLoopEvent extends Event {
  @Label("Loop")
  @Nullable String loop;

  @Label("Task")
  @Nullable String task;

  @Label("Held For")
  @Timespan long held;

  @Label("Stack")
  @Description("Where the loop's thread was")
  @Nullable String stack;
}
