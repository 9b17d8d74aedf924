package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Barrier;
import io.github.epollo.runtime.sync.SetOnce;
import org.junit.jupiter.api.Test;

/** Values that are set once, and barriers: who waits for the last step of another is woken by it. */
final class SetOnceScenariosTest {

  /** One waits, one comes to wait, and two set. */
  public static final class SetMeetsGet extends Scenario {
    @Override
    protected void play() {
      SetOnce<String> value = new SetOnce<>();
      Polled<String> getting = new Polled<>(value.getAsync());
      boolean[] set = new boolean[2];
      together(getting::pollIfWoken, () -> set[0] = value.set("one"), () -> set[1] = value.set("other"));
      Polled.settle(getting);
      require(getting.hasValue(), "the value was missed");
      require(set[0] != set[1] && getting.value().equals(set[0] ? "one" : "other"), "set twice");
    }
  }

  /** Two are to meet; one has come and gives up while the other comes. */
  public static final class ArriveMeetsCancel extends Scenario {
    private volatile boolean gone;

    @Override
    protected void play() {
      gone = false;
      Barrier barrier = new Barrier(2);
      Polled<Boolean> leaving = Polled.started(barrier.arriveAsync());
      Polled<Boolean> coming = new Polled<>(barrier.arriveAsync());
      together(() -> {
        leaving.close();
        gone = true;
      }, () -> {
        boolean alone = gone;
        coming.pollIfWoken();
        require(!alone || !coming.isDone(), "who has gone is counted");
      });
      if (!coming.isDone()) {
        Polled<Boolean> later = Polled.started(barrier.arriveAsync());
        Polled.settle(coming, later);
        require(coming.hasValue() && later.hasValue() && !coming.value().equals(later.value()), "they do not meet");
      }
      require(barrier.waiting() == 0, "one waits in a round that is over");
    }
  }

  @Test
  void aValueThatIsSetWhileATaskComesToWaitIsNotMissed() {
    Explore.holds(SetMeetsGet.class);
  }

  @Test
  void aWaiterThatDoesNotLookAgainIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SetMeetsGet.class,
        Twin.of(SetOnce.class).with("          present = value;\n          if (present == null) {",
            "          if (present == null) {"));
  }

  @Test
  void twoThatSetWithoutTheLockAreFound() {
    Explore.finds("set twice", SetMeetsGet.class,
        Twin.of(SetOnce.class).with("      this.value = value;\n",
            "      lock.unlock();\n      lock.lock();\n      this.value = value;\n"));
  }

  @Test
  void whoGivesUpAtABarrierHasNotArrived() {
    Explore.holds(ArriveMeetsCancel.class);
  }

  @Test
  void aCancelThatStaysInTheRoundIsFound() {
    Explore.finds("who has gone is counted", ArriveMeetsCancel.class,
        Twin.of(Barrier.class).with("          boolean _ = joined.arrived.leave(this);\n", ""));
  }
}
