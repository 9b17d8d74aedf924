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

/** Recorded for each loop in regular intervals: {@link io.github.epollo.runtime.loop.LoopMetrics}. */
@Name("io.github.epollo.LoopStatistics")
@Label("Loop Statistics")
@Description("What a loop has done since it was made, and what it has to do")
@Category("Epollo")
@Enabled(false)
@Period("1 s")
@StackTrace(false) // which would be the recorder's
final class LoopStatisticsEvent extends Event {
  @Label("Loop")
  @Nullable String loop;

  @Label("Turns") long turns;

  @Label("Looks for Events") long polls;

  @Label("Waits") long waits;

  @Label("Wake-Ups") long wakeups;

  @Label("Events") long events;

  @Label("Runs") long runs;

  @Label("Steals") long steals;

  @Label("Ready") long ready;

  @Label("Registrations") long registrations;

  @Label("Gauges")
  @Description("What modules count, by name")
  @Nullable String gauges;
}
