package io.github.epollo.stress;

import io.github.epollo.runtime.future.FutureSet;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Shared;
import io.github.epollo.runtime.sync.Oneshot;
import org.junit.jupiter.api.Test;

/** Futures that others wake from several threads at once: handles of a shared one, and many in a set. None misses an outcome, whoever polls, and whoever goes. */
final class FutureScenariosTest {
  private static final String SOURCE = "io.github.epollo.runtime.future.SharedSource";

  /** Two handles come to wait while the outcome comes. */
  public static final class TwoHandles extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> oneshot = Oneshot.create();
      Shared<Integer> handle = oneshot.receiver().receiveAsync().shared();
      Polled<Integer> one = new Polled<>(handle);
      Polled<Integer> other = new Polled<>(handle.another());
      together(one::pollIfWoken, other::pollIfWoken, () -> oneshot.sender().send(1));
      Polled.settle(one, other);
      require(one.hasValue() && other.hasValue(), "a handle misses the outcome");
    }
  }

  /** The handle that has polled goes while the outcome comes, and another comes to wait. */
  public static final class OneHandleGoes extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> oneshot = Oneshot.create();
      Shared<Integer> handle = oneshot.receiver().receiveAsync().shared();
      Polled<Integer> leaving = new Polled<>(handle);
      Polled<Integer> staying = new Polled<>(handle.another());
      together(() -> {
        leaving.pollIfWoken();
        leaving.close();
      }, staying::pollIfWoken, () -> oneshot.sender().send(1));
      Polled.settle(staying);
      require(staying.hasValue(), "a handle misses the outcome");
    }
  }

  /** Two members of a set finish while somebody comes to wait for the next. */
  public static final class SetOfTwo extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> first = Oneshot.create();
      Oneshot<Integer> second = Oneshot.create();
      FutureSet<Integer> set = new FutureSet<>();
      set.add(first.receiver().receiveAsync());
      set.add(second.receiver().receiveAsync());
      Polled<Outcome<Integer>> one = new Polled<>(set.nextAsync());
      together(one::pollIfWoken, () -> first.sender().send(1), () -> second.sender().send(2));
      Polled.settle(one);
      Polled<Outcome<Integer>> other = new Polled<>(set.nextAsync());
      Polled.settle(other);
      require(one.hasValue() && other.hasValue() && set.isEmpty(), "a member of the set is forgotten");
    }
  }

  @Test
  void eachHandleHearsOfTheOutcome() {
    Explore.holds(TwoHandles.class);
  }

  @Test
  void aWakeUpDuringAPollThatIsForgottenIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, TwoHandles.class,
        Twin.of(SOURCE).with("          state = IDLE;\n          Children.report(wakeAll());",
            "          state = IDLE;"));
  }

  @Test
  void aHandleThatGoesTakesNothingAlong() {
    Explore.holds(OneHandleGoes.class);
  }

  @Test
  void anOutcomeThatIsKeptFromOthersIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, OneHandleGoes.class,
        Twin.of(SOURCE).with("          state = DONE;\n          Children.report(wakeAll());",
            "          state = DONE;"));
  }

  @Test
  void eachMemberOfASetIsTold() {
    Explore.holds(SetOfTwo.class);
  }

  @Test
  void aWakeUpOfAMemberThatIsBeingPolledAndForgottenIsFound() {
    Explore.finds("a member of the set is forgotten", SetOfTwo.class,
        Twin.of("io.github.epollo.runtime.future.Children")
            .with("      QUEUED.setVolatile(child, false);", "").with("      Poll<T> poll = pollOrFail(open, this);",
                "      Poll<T> poll = pollOrFail(open, this);\n      QUEUED.setVolatile(this, false);"));
  }
}
