package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Hazards 2 and 3: every schedule of the asleep/awake protocol, and twins that are broken on purpose, which the same check must catch.
 */
final class WakeupTest {
  // ---- the real Wakeup, step by step: two submitters and a loop of three turns, in every order

  private enum Twin {
    NONE, NO_SECOND_LOOK, WAKE_BEFORE_PUBLISHING
  }

  /** The protocol's steps, each atomic, around a real Wakeup whose eventfd is a counter. */
  private static final class Steps {
    private static final int SUBMITTERS = 2;

    private final Twin twin;
    private final Wakeup wakeup;
    private int writes;
    private int unseenWrites;
    private int sleeps;
    private int published;
    private int taken;
    private int loopStep; // 0 take, 1 fall asleep, 2 look, 3 wait, 4 awake
    private boolean found;
    private final int[] submitterStep = new int[SUBMITTERS];

    Steps(Twin twin) {
      this.twin = twin;
      ProbeKernel probe = new ProbeKernel().on("eventfd", _ -> 100).on("close", _ -> 0).on("write", _ -> {
        writes++;
        unseenWrites++;
        return 8L;
      });
      try {
        this.wakeup = new Wakeup(probe.kernel());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    boolean canStep(int actor) {
      if (actor < SUBMITTERS) {
        return submitterStep[actor] < 2;
      }
      // A loop that has taken everything and waits again has nothing left to show.
      boolean blocked = loopStep == 3 && !found && unseenWrites == 0;
      return taken < SUBMITTERS && !blocked;
    }

    void step(int actor) {
      if (actor < SUBMITTERS) {
        boolean publish = (submitterStep[actor]++ == 0) == (twin != Twin.WAKE_BEFORE_PUBLISHING);
        if (publish) {
          published++;
        } else {
          wakeup.wake();
        }
        return;
      }
      switch (loopStep) {
        case 0 -> taken = published;
        case 1 -> {
          sleeps++;
          wakeup.fallAsleep();
        }
        case 2 -> found = twin != Twin.NO_SECOND_LOOK && published > taken;
        case 3 -> unseenWrites = 0;
        default -> wakeup.awake();
      }
      loopStep = (loopStep + 1) % 5;
    }

    /** Nobody can make a step any more. */
    boolean lostWakeUp() {
      return taken < SUBMITTERS;
    }

    boolean wroteTooOften() {
      return writes > sleeps || writes > SUBMITTERS;
    }
  }

  /** The first bad schedule, or null if there is none. */
  private static List<Integer> badSchedule(Twin twin) {
    Deque<List<Integer>> open = new ArrayDeque<>(List.of(List.of()));
    int complete = 0;
    while (!open.isEmpty()) {
      List<Integer> schedule = open.pop();
      Steps steps = new Steps(twin);
      schedule.forEach(steps::step);
      boolean stuck = true;
      for (int actor = 0; actor <= Steps.SUBMITTERS; actor++) {
        if (steps.canStep(actor)) {
          stuck = false;
          List<Integer> longer = new ArrayList<>(schedule);
          longer.add(actor);
          open.push(longer);
        }
      }
      if (steps.wroteTooOften() || (stuck && steps.lostWakeUp())) {
        return schedule;
      }
      complete += stuck ? 1 : 0;
    }
    assertThat(complete).isGreaterThan(100);
    return null;
  }

  @Test
  void noScheduleLosesAWakeUpOrWritesTwice() {
    assertThat(badSchedule(Twin.NONE)).isNull();
  }

  @Test
  void withoutTheSecondLookAWakeUpIsLost() {
    assertThat(badSchedule(Twin.NO_SECOND_LOOK)).isNotNull();
  }

  @Test
  void whenWokenBeforePublishingAWakeUpIsLost() {
    assertThat(badSchedule(Twin.WAKE_BEFORE_PUBLISHING)).isNotNull();
  }

  // ---- the fences: the same protocol on a machine whose stores wait in a buffer (x86-TSO)

  /**
   * One submitter, one loop that goes to sleep. Steps of the submitter: 0 store the item, 1 fence, 2 read the state and notify. Of the loop: 0
   * store ASLEEP, 1 fence, 2 look for the item, 3 wait. A buffered store reaches memory at any later step.
   */
  private record Machine(int submitter, int loop, boolean itemBuffered, boolean item, boolean asleepBuffered,
      boolean asleep, boolean notified, boolean found) {
    static final Machine START = new Machine(0, 0, false, false, false, false, false, false);

    List<Machine> next(boolean submitterFence, boolean loopFence) {
      List<Machine> next = new ArrayList<>();
      if (itemBuffered) {
        next.add(new Machine(submitter, loop, false, true, asleepBuffered, asleep, notified, found));
      }
      if (asleepBuffered) {
        next.add(new Machine(submitter, loop, itemBuffered, item, false, true, notified, found));
      }
      switch (submitter) {
        case 0 -> next.add(new Machine(1, loop, true, item, asleepBuffered, asleep, notified, found));
        case 1 -> {
          if (!submitterFence || !itemBuffered) {
            next.add(new Machine(2, loop, itemBuffered, item, asleepBuffered, asleep, notified, found));
          }
        }
        case 2 -> next.add(new Machine(3, loop, itemBuffered, item, asleepBuffered, asleep, asleep, found));
        default -> {}
      }
      switch (loop) {
        case 0 -> next.add(new Machine(submitter, 1, itemBuffered, item, true, asleep, notified, found));
        case 1 -> {
          if (!loopFence || !asleepBuffered) {
            next.add(new Machine(submitter, 2, itemBuffered, item, asleepBuffered, asleep, notified, found));
          }
        }
        case 2 -> next.add(new Machine(submitter, 3, itemBuffered, item, asleepBuffered, asleep, notified, item));
        case 3 -> {
          if (found || notified) {
            next.add(new Machine(submitter, 4, itemBuffered, item, asleepBuffered, asleep, notified, found));
          }
        }
        default -> {}
      }
      return next;
    }
  }

  private static boolean canLoseAWakeUp(boolean submitterFence, boolean loopFence) {
    Set<Machine> seen = new HashSet<>();
    Deque<Machine> open = new ArrayDeque<>(List.of(Machine.START));
    while (!open.isEmpty()) {
      Machine machine = open.pop();
      if (seen.add(machine)) {
        List<Machine> next = machine.next(submitterFence, loopFence);
        if (next.isEmpty() && machine.loop() < 4) {
          return true;
        }
        open.addAll(next);
      }
    }
    return false;
  }

  @Test
  void bothFencesAreNeeded() {
    assertThat(canLoseAWakeUp(true, true)).isFalse();
    assertThat(canLoseAWakeUp(false, true)).isTrue();
    assertThat(canLoseAWakeUp(true, false)).isTrue();
  }
}
