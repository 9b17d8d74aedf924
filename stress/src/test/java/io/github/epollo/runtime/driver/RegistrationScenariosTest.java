package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.stress.Explore;
import io.github.epollo.stress.Scenario;
import io.github.epollo.stress.Twin;
import org.junit.jupiter.api.Test;

/** Hazard 1, between a task and the thread of the driver. */
final class RegistrationScenariosTest {
  /** One who reads until there is no more and then waits; data that comes meanwhile, twice, each with its event. */
  public static final class ReadWhileDataComes extends Scenario {
    private volatile int sent;
    private volatile boolean woken;
    private int received;

    @Override
    protected void play() {
      sent = 0;
      woken = false;
      received = 0;
      Registration registration = new Registration(null, new Fd(1, _ -> {}), 0);
      Waker waker = () -> woken = true;
      together(() -> read(registration, waker), () -> {
        for (int i = 1; i <= 2; i++) {
          sent = i;
          registration.note(Readiness.READABLE);
          Waker waiting = registration.takeWaker(Direction.READ);
          if (waiting != null) {
            waiting.wake();
          }
        }
      });
      if (woken) {
        read(registration, waker);
      }
      require(received == 2, "data that nobody was woken for");
    }

    /** As a read does: try the call if it is worth it, wait on "would block". */
    private void read(Registration registration, Waker waker) {
      while (registration.pollReady(Direction.READ, waker)) {
        int seen = registration.readiness();
        int there = sent;
        if (there == received) {
          registration.wouldBlock(Direction.READ, seen);
        }
        received = there;
      }
    }
  }

  private static final String LOOK_AGAIN = "    if ((word & direction.readyMask) == 0) {\n      return false;";

  @Test
  void dataThatComesWhileATaskGoesToWaitWakesIt() {
    Explore.holds(ReadWhileDataComes.class);
  }

  @Test
  void aWaiterThatDoesNotLookAgainIsFound() {
    Explore.finds("data that nobody was woken for", ReadWhileDataComes.class,
        Twin.of(Registration.class).with(LOOK_AGAIN,
            LOOK_AGAIN.replace("(word & direction.readyMask) == 0", "waker != null")));
  }

  @Test
  void aWouldBlockThatIsOlderThanAnEventIsFound() {
    Explore.finds("data that nobody was woken for", ReadWhileDataComes.class,
        Twin.of(Registration.class).with("!Readiness.sameTick(w, seen) || ", ""));
  }
}
