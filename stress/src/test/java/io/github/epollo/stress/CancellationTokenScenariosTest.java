package io.github.epollo.stress;

import io.github.epollo.runtime.sync.CancellationToken;
import org.junit.jupiter.api.Test;

/** Whoever waits for a token is woken when that, or one above it, is cancelled. */
final class CancellationTokenScenariosTest {
  private static final String MISSED = "the cancel was missed";

  /** The root is cancelled while one comes to wait two levels below. */
  public static final class CancelMeetsArrival extends Scenario {
    @Override
    protected void play() {
      CancellationToken root = new CancellationToken();
      Polled<Void> below = new Polled<>(root.child().child().cancelledAsync());
      together(below::pollIfWoken, root::cancel);
      Polled.settle(below);
      require(below.isDone(), MISSED);
    }
  }

  /** One goes, another comes to wait at the same token, and the root is cancelled. */
  public static final class CancelMeetsLeave extends Scenario {
    @Override
    protected void play() {
      CancellationToken root = new CancellationToken();
      CancellationToken child = root.child();
      Polled<Void> leaving = Polled.started(child.cancelledAsync());
      Polled<Void> coming = new Polled<>(child.cancelledAsync());
      together(leaving::close, coming::pollIfWoken, root::cancel);
      Polled.settle(coming);
      require(coming.isDone(), MISSED);
    }
  }

  /** Two cancel: one of them did it, and both find it done. */
  public static final class CancelMeetsCancel extends Scenario {
    @Override
    protected void play() {
      CancellationToken root = new CancellationToken();
      Polled<Void> waiting = Polled.started(root.cancelledAsync());
      boolean[] first = new boolean[2];
      together(() -> first[0] = root.cancel(), () -> first[1] = root.cancel());
      Polled.settle(waiting);
      require(waiting.isDone(), MISSED);
      require(first[0] != first[1], "cancelled twice or never");
    }
  }

  @Test
  void aCancelReachesWhoComesToWaitBelow() {
    Explore.holds(CancelMeetsArrival.class);
  }

  @Test
  void aWaiterThatDoesNotLookAgainIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, CancelMeetsArrival.class,
        Twin.of(CancellationToken.class).with("      if (token.cancelled) {\n        return false;",
            "      if (token == null) {\n        return false;"));
  }

  @Test
  void whoGoesUnlinksNobodyElse() {
    Explore.holds(CancelMeetsLeave.class);
  }

  @Test
  void anUnlinkOfATokenThatOthersWaitForIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, CancelMeetsLeave.class,
        Twin.of(CancellationToken.class).with("return linked && waiting.isEmpty() && firstChild == null;",
            "return linked;"));
  }

  @Test
  void aTokenIsCancelledOnce() {
    Explore.holds(CancelMeetsCancel.class);
  }

  @Test
  void aCancelWithoutTheLockIsFound() {
    Explore.finds("cancelled twice or never", CancelMeetsCancel.class, Twin.of(CancellationToken.class)
        .with("      cancelled = true;\n    } finally {",
            "      lock.unlock();\n      lock.lock();\n      cancelled = true;\n    } finally {"));
  }
}
