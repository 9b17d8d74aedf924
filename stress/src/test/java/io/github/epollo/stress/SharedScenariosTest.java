package io.github.epollo.stress;

import io.github.epollo.runtime.future.Shared;
import io.github.epollo.runtime.sync.Oneshot;
import org.junit.jupiter.api.Test;

/** The handles of a shared future on different threads: each hears of the outcome, whoever polls, and whoever goes. */
final class SharedScenariosTest {
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

  @Test
  void eachHandleHearsOfTheOutcome() {
    Explore.holds(TwoHandles.class);
  }

  @Test
  void aWakeUpDuringAPollThatIsForgottenIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, TwoHandles.class,
        Twin.of(SOURCE).with("          state = IDLE;\n          report(wakeAll());", "          state = IDLE;"));
  }

  @Test
  void aHandleThatGoesTakesNothingAlong() {
    Explore.holds(OneHandleGoes.class);
  }

  @Test
  void anOutcomeThatIsKeptFromOthersIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, OneHandleGoes.class,
        Twin.of(SOURCE).with("          state = DONE;\n          report(wakeAll());", "          state = DONE;"));
  }
}
