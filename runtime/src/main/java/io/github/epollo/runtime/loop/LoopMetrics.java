package io.github.epollo.runtime.loop;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has done since it was made, and what it has to do: {@link Loop#metrics}. The numbers are read one after another, while the loop changes them.
 *
 * @param loop the loop's name
 * @param turns turns that it has made
 * @param polls looks for events, those that waited included
 * @param waits times that it had nothing to do and waited
 * @param wakeups waits that another thread's submission ended
 * @param events events that came
 * @param runs pieces of ready work that it has run: a task from one wait to the next is one
 * @param steals times that it has taken work from another loop
 * @param ready pieces of work that are ready now
 * @param registrations file descriptors that are registered now, those of the loop itself included
 * @param gauges what modules count, by name: {@link Loop#addGauge}
 * @param turnTime how long its turns took, without the waiting; null unless times are measured ({@code EpolloOptions.withHistograms})
 * @param scheduleDelay how long work that became ready waited until it ran, sampled; null as above
 */
public record LoopMetrics(String loop, long turns, long polls, long waits, long wakeups, long events, long runs,
    long steals, long ready, long registrations, SortedMap<String, Long> gauges, @Nullable LatencyHistogram turnTime,
    @Nullable LatencyHistogram scheduleDelay) {

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(loop).append(": turns ").append(turns).append(", polls ").append(polls)
        .append(", waits ").append(waits).append(", wakeups ").append(wakeups).append(", events ").append(events)
        .append(", runs ").append(runs).append(", steals ").append(steals).append(", ready ").append(ready)
        .append(", registrations ").append(registrations);
    gauges.forEach((name, value) -> text.append(", ").append(name).append(' ').append(value));
    if (turnTime != null) {
      text.append(", turn time ").append(turnTime).append(", schedule delay ").append(scheduleDelay);
    }
    return text.toString();
  }
}
