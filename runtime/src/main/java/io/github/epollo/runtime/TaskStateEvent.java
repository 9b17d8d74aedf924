package io.github.epollo.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Recorded for each task that has not ended, of the oldest {@value PeriodicRecording#TASKS} of each runtime, whenever a chunk of a recording ends: also when it is dumped. */
@Name("io.github.epollo.TaskState")
@Label("Task State")
@Description("What a task of Epollo is doing when a chunk of the recording ends, as when it is dumped")
@Category("Epollo")
@Enabled(false)
@Period("endChunk")
@StackTrace(false) // which would be the recorder's
final class TaskStateEvent extends Event {
  @Label("Runtime")
  @Nullable String runtime;

  @Label("Tasks")
  @Description("How many tasks the runtime has; if they are too many, only the oldest are recorded") int tasks;

  @Label("Id") long id;

  @Label("Name")
  @Nullable String name;

  @Label("Loop")
  @Nullable String loop;

  @Label("State")
  @Nullable String state;

  @Label("Awaited")
  @Description("What the task waits for, if it is known to wait")
  @Nullable String awaited;

  @Label("Stack")
  @Description("The innermost frames of the task")
  @Nullable String stack;
}
