package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.LoopMetrics;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Tells the JDK's flight recorder what all runtimes are doing, when it asks, on a thread of its own. Before the first recording of the JVM this only waits for that, and then registers the events of this package, so that no loop has to; it is asked only while a recording has
 * one of its events enabled, and answers nothing while no runtime is open.
 */
final class PeriodicRecording implements FlightRecorderListener {
  /** How many tasks of each runtime are told, the oldest: each takes a look at its stack, and all are there in each chunk of a recording. */
  static final int TASKS = 1000;

  private static final int FRAMES = 32;

  static {
    FlightRecorder.addListener(new PeriodicRecording()); // once in a JVM
  }

  private PeriodicRecording() {}

  /** Has the flight recorder ask from now on. */
  static void install() {}

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    FlightRecorder.register(TaskEvent.class);
    FlightRecorder.register(HeldLoopEvent.class);
    FlightRecorder.addPeriodicEvent(TaskStateEvent.class, PeriodicRecording::recordTasks);
    FlightRecorder.addPeriodicEvent(LoopStatisticsEvent.class, PeriodicRecording::recordLoops);
  }

  private static void recordTasks() {
    for (Epollo epollo : Runtimes.all()) {
      List<Task<?>> tasks = epollo.tasksInOrder();
      tasks.stream().limit(TASKS).map(TaskDump::entry).forEach(task -> record(epollo.name(), tasks.size(), task));
    }
  }

  private static void record(String runtime, int tasks, TaskDump.Entry task) {
    TaskStateEvent event = new TaskStateEvent();
    event.runtime = runtime;
    event.tasks = tasks;
    event.id = task.id();
    event.name = task.name();
    event.loop = task.loop();
    event.state = task.state().name();
    event.awaited = task.awaited();
    event.stack = task.stack().stream().limit(FRAMES).map(StackTraceElement::toString)
        .collect(Collectors.joining("\n"));
    event.commit();
  }

  private static void recordLoops() {
    for (Epollo epollo : Runtimes.all()) {
      epollo.metrics().loops().forEach(PeriodicRecording::record);
    }
  }

  private static void record(LoopMetrics loop) {
    LoopStatisticsEvent event = new LoopStatisticsEvent();
    event.loop = loop.loop();
    event.turns = loop.turns();
    event.polls = loop.polls();
    event.waits = loop.waits();
    event.wakeups = loop.wakeups();
    event.events = loop.events();
    event.runs = loop.runs();
    event.steals = loop.steals();
    event.ready = loop.ready();
    event.registrations = loop.registrations();
    event.gauges = loop.gauges().entrySet().stream().map(gauge -> gauge.getKey() + ' ' + gauge.getValue())
        .collect(Collectors.joining(", "));
    event.commit();
  }
}
