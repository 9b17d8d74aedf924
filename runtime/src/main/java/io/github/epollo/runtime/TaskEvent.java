package io.github.epollo.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Recorded when a task has ended; it begins when the task was spawned. */
@Name("io.github.epollo.Task")
@Label("Task")
@Description("A task of Epollo, from its spawning to its end")
@Category("Epollo")
@Enabled(false)
@StackTrace(false)
final class TaskEvent extends Event {
  @Label("Name")
  @Nullable String name;

  @Label("Loop")
  @Nullable String loop;

  @Label("Failure")
  @Description("The type of what the task has thrown, if it has")
  @Nullable String failure;
}
