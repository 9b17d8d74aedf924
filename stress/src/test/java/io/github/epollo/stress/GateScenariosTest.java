package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Gate;
import io.github.epollo.runtime.sync.Pass;
import org.junit.jupiter.api.Test;

/** Whoever closes a gate goes on when nobody is inside, and not before. */
final class GateScenariosTest {

  /** One enters and leaves while another closes. */
  public static final class EnterMeetsClose extends Scenario {
    private volatile boolean inside;

    @Override
    protected void play() {
      inside = false;
      Gate gate = new Gate();
      Polled<Void> closing = new Polled<>(gate.closeAsync());
      together(() -> {
        Pass pass = gate.tryEnter();
        if (pass != null) {
          inside = true;
          inside = false;
          pass.close();
        }
      }, () -> {
        closing.pollIfWoken();
        require(!closing.isDone() || !inside, "closed with somebody inside");
        require(!closing.isDone() || gate.inside() == 0, "closed with somebody inside");
      });
      Polled.settle(closing);
      require(closing.isDone(), "the gate never closes");
    }
  }

  /** Two are inside and leave at the same time. */
  public static final class TwoLeave extends Scenario {
    @Override
    protected void play() {
      Gate gate = new Gate();
      Pass one = gate.tryEnter();
      Pass other = gate.tryEnter();
      Polled<Void> closing = Polled.started(gate.closeAsync());
      together(one::close, other::close);
      Polled.settle(closing);
      require(closing.isDone(), "the gate never closes");
    }
  }

  @Test
  void whoClosesWaitsForWhoEntersAtTheSameTime() {
    Explore.holds(EnterMeetsClose.class);
  }

  @Test
  void aCloseThatCountsBeforeItShutsIsFound() {
    Explore.finds("closed with somebody inside", EnterMeetsClose.class, twinThatCountsTooEarly());
  }

  @Test
  void theLastOfTwoWhoLeaveEndsTheWait() {
    Explore.holds(TwoLeave.class);
  }

  @Test
  void aLeaveWithoutTheLockIsFound() {
    Explore.finds("the gate never closes", TwoLeave.class, Twin.of(Gate.class).with("      inside--;\n",
        "      int left = inside - 1;\n      lock.unlock();\n      lock.lock();\n      inside = left;\n"));
  }

  private static Twin twinThatCountsTooEarly() {
    return Twin.of(Gate.class).with("    boolean empty;\n", "    boolean empty = inside == 0;\n")
        .with("      empty = inside == 0;\n", "");
  }
}
