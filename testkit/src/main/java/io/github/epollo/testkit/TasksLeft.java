package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.loop.WaitHook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes a runtime, and finds the tasks that ignore it and the fds that nobody has closed. The runtime only logs them, and has torn them from what they wait for when it returns: so they are looked at
 * each time that its loop is about to wait for them.
 */
final class TasksLeft implements WaitHook {
  /** How long a runtime is closing, in virtual time, before its tasks count as ignoring that: longer than a jump of the clock or two. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** For the options; a little more, as the clock may be read in the past. */
  static final Duration CLOSE_TIMEOUT = LIMIT.plusSeconds(1);

  private final Epollo epollo;
  private final SimKernel kernel;
  private final List<String> open = new ArrayList<>();
  private String waitedFor = "";
  private boolean inTime;

  private TasksLeft(Epollo epollo, SimKernel kernel) {
    this.epollo = epollo;
    this.kernel = kernel;
  }

  /** Closes {@code epollo}, which the caller's thread runs on {@code kernel}. */
  static TasksLeft close(Epollo epollo, SimKernel kernel, VirtualTime time) {
    TasksLeft left = new TasksLeft(epollo, kernel);
    long before = time.now();
    epollo.loop().addWaitHook(left);
    epollo.close();
    left.inTime = time.now() - before < LIMIT.toNanos();
    return left;
  }

  /** The tasks that have not ended, as text, or null. */
  @Nullable
  String tasks() {
    return inTime ? null : waitedFor;
  }

  /** What was open when all tasks had ended, but for what the loop has for itself, each as "number: what". */
  List<String> open() {
    return open;
  }

  @Override
  public void beforeWait(boolean mayBlock) {
    if (mayBlock) {
      waitedFor = epollo.dump();
    }
  }

  @Override
  public void beforeClose() {
    open.addAll(kernel.describeFdsOfUsers());
  }
}
