package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testsupport.Lockstep;
import io.github.epollo.testsupport.Lockstep.Cut;
import io.github.epollo.testsupport.Lockstep.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs tasks that share something in many orders, and cancels one of them at its first wait, its second, and so on. */
final class CancelRuns {
  /** Tasks that share something, and what holds when all have ended. */
  record Scenario(List<CheckedBody<?>> bodies, Check check) {}

  interface Check {
    /** @param cut the body that was cancelled, or -1 */
    void accept(int cut);
  }

  private CancelRuns() {}

  /** Gives the others a turn. */
  static void pause() {
    AtomicInteger polls = new AtomicInteger();
    Future<@Nullable Void> once = Future.fromPoll(waker -> {
      if (polls.getAndIncrement() > 0) {
        return Poll.ready(null);
      }
      waker.wake();
      return Poll.pending();
    });
    once.await();
  }

  /** @param victims how many of the first bodies are cancelled */
  static void cancelEverywhere(int seeds, int victims, Supplier<Scenario> scenarios) {
    int cuts = 0;
    for (long seed = 0; seed < seeds; seed++) {
      List<Integer> waits = run(scenarios.get(), seed, -1, 0, Cut.ON_PARKING);
      for (int victim = 0; victim < Math.min(victims, waits.size()); victim++) {
        for (int k = 0; k < waits.get(victim); k++) {
          for (Cut where : Cut.values()) {
            List<Integer> _ = run(scenarios.get(), seed, victim, k, where);
            cuts++;
          }
        }
      }
    }
    assertThat(cuts).isGreaterThan(3 * seeds);
  }

  /** Returns how often each has waited. */
  private static List<Integer> run(Scenario scenario, long seed, int victim, int k, Cut where) {
    Lockstep lockstep = new Lockstep(seed);
    List<Participant> participants = new ArrayList<>();
    for (int i = 0; i < scenario.bodies.size(); i++) {
      participants.add(lockstep.add("task " + i, scenario.bodies.get(i)));
    }
    if (victim >= 0) {
      Participant _ = participants.get(victim).cutAt(k, where);
    }
    try {
      lockstep.run();
      scenario.check.accept(victim >= 0 && participants.get(victim).wasCut() ? victim : -1);
    } catch (AssertionError e) {
      throw new AssertionError(
          "with seed " + seed + (victim < 0 ? "" : " and task " + victim + " cut at its wait " + k + " " + where), e);
    }
    return participants.stream().map(Participant::parks).toList();
  }
}
