package io.github.epollo.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a runtime that have not ended, oldest first: {@link Epollo#taskDump}. For people and tools to read. Tasks go on meanwhile, so what is told of one may be a moment older than what is told of the next.
 *
 * @param runtime the runtime, and whether it is open
 * @param tasks its tasks
 */
public record TaskDump(String runtime, List<Entry> tasks) {
  /**
   * A task.
   *
   * @param id grows with each task of the runtime
   * @param name its name
   * @param loop the loop that it belongs to
   * @param state {@code RUNNING}, {@code WAITING}, or, for a task without a stack, {@code STACKLESS}
   * @param awaited what it waits for, such as a socket and a direction, a timer, a channel; null if it is not known to wait for anything
   * @param stack its frames, the innermost first; empty for a task without a stack
   */
  public record Entry(long id, String name, String loop, State state, @Nullable String awaited,
      List<StackTraceElement> stack) {}

  /** What a task is doing. */
  public enum State {
    /** It runs, is ready to run, or waits for something of the JDK's. */
    RUNNING,
    /** It awaits something. */
    WAITING,
    /** It is a future that its loop polls. */
    STACKLESS
  }

  static TaskDump of(String runtime, List<Task<?>> tasks) {
    return new TaskDump(runtime, tasks.stream().map(TaskDump::entry).toList());
  }

  static Entry entry(Task<?> task) {
    Thread thread = task.thread();
    String awaited = awaited(task);
    State state = task instanceof PolledTask
        ? State.STACKLESS
        : awaited == null ? State.RUNNING : State.WAITING;
    return new Entry(task.serial(), task.name(), task.loop().toString(), state, awaited,
        thread == null ? List.of() : List.of(thread.getStackTrace()));
  }

  /** What a task waits for, in words; null if it is not known to wait. */
  static @Nullable String awaited(Task<?> task) {
    try {
      return task.awaited();
    } catch (Throwable t) { // a toString of the user's
      return "something whose name is " + t.getClass().getName();
    }
  }

  /** An object of JSON: {@code {"runtime": ..., "tasks": [{"id", "name", "loop", "state", "awaited", "stack": [...]}]}}. */
  public String toJson() {
    return JsonText.object(json -> json.member("runtime", runtime)
        .array("tasks", all -> tasks.forEach(task -> all.element(one -> one.member("id", task.id())
            .member("name", task.name()).member("loop", task.loop()).member("state", task.state().name())
            .member("awaited", task.awaited())
            .array("stack", frames -> task.stack().forEach(frame -> frames.element(frame.toString())))))));
  }

  /** A line for each task, and its frames below. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(runtime).append('\n');
    for (Entry task : tasks) {
      text.append("task ").append(task.name())
          .append(task.awaited() == null ? " (not waiting)" : " (waiting for " + task.awaited() + ")").append(" on ")
          .append(task.loop()).append('\n');
      task.stack().forEach(frame -> text.append("    at ").append(frame).append('\n'));
    }
    return text.toString();
  }
}
