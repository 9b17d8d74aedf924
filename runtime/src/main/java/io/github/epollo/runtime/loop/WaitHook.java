package io.github.epollo.runtime.loop;

/** Called on the loop's thread in each turn, after the ready tasks have run and before the loop looks or waits for events. */
@FunctionalInterface
public interface WaitHook {
  /**
   * Does what is due, and arms what must end the wait.
   *
   * @param mayBlock false if there is work left, so that the loop will only look for events: nothing need be armed
   */
  void beforeWait(boolean mayBlock);

  /** Called once, on the thread that closes the loop: when it runs no more, and before what is still open in it is closed. */
  default void beforeClose() {}
}
