package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Fd;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Hazard 1: one comes to wait for an fd while an event is noted. */
@JCStressTest
@Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "found ready, or woken")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "waits for an event that has come")
@State
public class RegistrationStress {
  private static final Waker WAKER = () -> {};

  @SuppressWarnings("NullAway") // neither driver nor kernel has a part in this
  private final Registration registration = new Registration(null, new Fd(1, _ -> {}), 0);

  public RegistrationStress() {
    registration.wouldBlock(Direction.READ, registration.readiness());
  }

  @Actor
  public void waiter(II_Result result) {
    result.r1 = registration.pollReady(Direction.READ, WAKER) ? 1 : 0;
  }

  @Actor
  public void driver(II_Result result) {
    registration.note(Readiness.READABLE);
    result.r2 = registration.takeWaker(Direction.READ) == null ? 0 : 1;
  }
}
