package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.LatencyHistogram;
import io.github.epollo.runtime.loop.LoopMetrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime has done and has to do: {@link Epollo#metrics}. The numbers are read one after another, while the runtime changes them.
 *
 * @param name the runtime's name
 * @param tasks tasks that have not ended
 * @param spawned tasks that were ever spawned
 * @param blocking its blocking calls
 * @param loops its loops, by their index
 */
public record RuntimeMetrics(String name, long tasks, long spawned, BlockingStats blocking, List<LoopMetrics> loops) {

  /** The same as an object of JSON; times in nanoseconds. */
  public String toJson() {
    return JsonText.object(json -> json.member("name", name).member("tasks", tasks).member("spawned", spawned)
        .object("blocking", b -> b.member("threads", blocking.threads()).member("active", blocking.active())
            .member("queued", blocking.queued()))
        .array("loops", all -> loops.forEach(loop -> all.element(one -> write(one, loop)))));
  }

  private static void write(JsonText json, LoopMetrics loop) {
    json.member("loop", loop.loop()).member("turns", loop.turns()).member("polls", loop.polls())
        .member("waits", loop.waits()).member("wakeups", loop.wakeups()).member("events", loop.events())
        .member("runs", loop.runs()).member("steals", loop.steals()).member("ready", loop.ready())
        .member("registrations", loop.registrations()).object("gauges", g -> g.members(loop.gauges()));
    write(json, "turnTime", loop.turnTime());
    write(json, "scheduleDelay", loop.scheduleDelay());
  }

  private static void write(JsonText json, String name, @Nullable LatencyHistogram times) {
    if (times != null) {
      json.object(name, t -> t.member("count", times.count()).member("p50", times.percentile(0.5))
          .member("p99", times.percentile(0.99)).member("max", times.percentile(1)));
    }
  }

  /** A line for the runtime and one for each loop. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": tasks ").append(tasks).append(", spawned ").append(spawned)
        .append(", ").append(blocking);
    loops.forEach(loop -> text.append('\n').append(loop));
    return text.toString();
  }
}
