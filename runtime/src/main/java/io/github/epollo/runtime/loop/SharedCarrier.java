package io.github.epollo.runtime.loop;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** Tasks are ordinary virtual threads on the JDK's scheduler; a {@link SidePoller} among them looks for their events. Needs no flag. */
final class SharedCarrier implements Carrier {
  private final ThreadFactory threads = VirtualThreads.defaultBuilder().factory();

  @Override
  public Thread newThread(Runnable body, boolean pinned) {
    return threads.newThread(body);
  }

  @Override
  public boolean park(Thread current, Object awaited) {
    LockSupport.park(awaited); // blocks a thread of the JDK's pool where the task is pinned, never the loop
    return true;
  }

  @Override
  public boolean carriesOnLoop() {
    return false;
  }

  @Override
  public String toString() {
    return "shared carrier";
  }
}
