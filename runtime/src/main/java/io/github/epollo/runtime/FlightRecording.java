package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Poll;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The events of the JDK's flight recorder, where the JVM has it. All are off until a recording enables them, and cost a look at a field then. Their classes are not loaded before the first recording of the JVM: to make the recorder
 * ready for them takes it 100 ms of CPU.
 */
final class FlightRecording {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightRecording() {}

  /** There is a runtime, of which the flight recorder may want to know. */
  static void runtimeStarts() {
    if (PRESENT) {
      PeriodicRecording.install();
    }
  }

  /** The event of a task that begins, or null. */
  static @Nullable Object taskBegins() {
    return PRESENT && Recorder.hasRecorded() ? TaskEvents.begin() : null;
  }

  /** What {@link #taskBegins} has answered for {@code task}, which ends. */
  static void taskEnds(Task<?> task, Object event, Poll<?> outcome) {
    TaskEvents.end(task, event, outcome);
  }

  static void loopIsHeld(HeldLoop held) {
    if (PRESENT && Recorder.hasRecorded()) {
      TaskEvents.held(held);
    }
  }

  /** Loaded only where there is a flight recorder, as is {@link TaskEvents}. */
  private static final class Recorder {
    /** Whether there is a recording, or has been one. */
    static boolean hasRecorded() {
      return FlightRecorder.isInitialized();
    }
  }

  private static final class TaskEvents {
    private static final TaskEvent TASK = new TaskEvent(); // to ask whether it is enabled

    static @Nullable Object begin() {
      if (!TASK.isEnabled()) {
        return null;
      }
      TaskEvent event = new TaskEvent();
      event.begin();
      return event;
    }

    static void end(Task<?> task, Object began, Poll<?> outcome) {
      TaskEvent event = (TaskEvent) began;
      event.end();
      if (event.shouldCommit()) {
        event.name = task.name();
        event.loop = task.loop().toString();
        event.failure = outcome instanceof Poll.Failed<?> failed ? failed.cause().getClass().getName() : null;
        event.commit();
      }
    }

    static void held(HeldLoop held) {
      HeldLoopEvent event = new HeldLoopEvent();
      if (event.shouldCommit()) {
        event.loop = held.loop().toString();
        event.task = held.task() == null ? null : held.task().name();
        event.held = held.duration().toNanos();
        event.stack = held.toString();
        event.commit();
      }
    }
  }
}
