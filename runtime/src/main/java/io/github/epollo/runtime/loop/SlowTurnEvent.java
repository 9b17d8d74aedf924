package io.github.epollo.runtime.loop;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** Recorded after a turn that took long. */
@Name("io.github.epollo.SlowTurn")
@Label("Slow Turn")
@Description("A turn of a loop, from one look for events to the next")
@Category("Epollo")
@Enabled(false)
@Threshold("10 ms")
@StackTrace(false)
final class SlowTurnEvent extends Event {
  @Label("Loop")
  @Nullable String loop;
}
