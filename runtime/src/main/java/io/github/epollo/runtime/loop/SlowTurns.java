package io.github.epollo.runtime.loop;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Records turns that took long, while a recording of the JDK's flight recorder asks for that; where the JVM has one. For the loop's thread. */
final class SlowTurns {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final String loop;
  private @Nullable Object event; // of this turn

  SlowTurns(String loop) {
    this.loop = loop;
  }

  void turnBegins() {
    event = PRESENT ? Events.begin() : null;
  }

  void turnEnds() {
    Object began = event;
    if (began != null) {
      event = null;
      Events.end(began, loop);
    }
  }

  /** Loaded only where there is a flight recorder. */
  private static final class Events {
    static @Nullable Object begin() {
      // before the first recording of the JVM the class of the event is not loaded: the recorder would need 100 ms for that
      if (!FlightRecorder.isInitialized() || !Asked.TURN.isEnabled()) {
        return null;
      }
      SlowTurnEvent event = new SlowTurnEvent();
      event.begin();
      return event;
    }

    static void end(Object began, String loop) {
      SlowTurnEvent event = (SlowTurnEvent) began;
      event.end();
      if (event.shouldCommit()) {
        event.loop = loop;
        event.commit();
      }
    }

    /** Asked whether it is enabled. */
    private static final class Asked {
      static final SlowTurnEvent TURN = new SlowTurnEvent();
    }
  }
}
