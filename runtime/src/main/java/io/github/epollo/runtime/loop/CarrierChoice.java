package io.github.epollo.runtime.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which carrier a runtime shall use for its tasks. */
public enum CarrierChoice {
  /** Tasks on the loop's thread where the JVM allows that, else on the JDK's scheduler; one log line says so. */
  AUTOMATIC,
  /** Tasks on the loop's own thread; fails where the JVM does not allow that. */
  LOOP,
  /** Tasks on the JDK's scheduler; needs no flag. */
  SHARED;

  private static final System.Logger LOG = System.getLogger("io.github.epollo");
  private static final AtomicBoolean HINTED = new AtomicBoolean();

  /**
   * Makes the carrier for a loop.
   *
   * @param loop runs work on the loop's own thread
   * @param movable lets other loops run it as well
   * @throws IllegalStateException if {@link #LOOP} was asked for and cannot be had; names the flag
   */
  Carrier create(Executor loop, Executor movable) {
    if (this == SHARED) {
      return new SharedCarrier();
    }
    String failure = CarrierSelfTest.failure();
    if (failure == null) {
      return new LoopCarrier(loop, movable);
    }
    if (this == LOOP) {
      throw new IllegalStateException(
          "cannot run tasks on the loop's own thread: " + failure + "; start the JVM with " + flag());
    }
    if (!HINTED.getAndSet(true)) {
      LOG.log(System.Logger.Level.INFO,
          "tasks run on the JDK's scheduler, which costs more: " + failure + "; start the JVM with " + flag()
              + " to run them on the loop's own thread");
    }
    return new SharedCarrier();
  }

  private static String flag() {
    Module module = CarrierChoice.class.getModule();
    return "--add-opens java.base/java.lang=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }
}
