package io.github.epollo.runtime.sync;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two count under the lock, with each of the two ways to give it back. */
@JCStressTest
@Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at once, or one does not see what the other did")
@State
public class SpinLockStress {
  private final SpinLock lock = new SpinLock();
  private int count;

  @Actor
  public void one(II_Result result) {
    lock.lock();
    result.r1 = ++count;
    lock.unlock();
  }

  @Actor
  public void other(II_Result result) {
    lock.lock();
    result.r2 = ++count;
    lock.release();
  }
}
