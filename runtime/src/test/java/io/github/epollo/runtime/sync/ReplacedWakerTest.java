package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A poll with another waker replaces the one before: that one is not called any more. */
final class ReplacedWakerTest {
  private static void check(Future<?> future, Runnable happens) {
    List<String> woken = new ArrayList<>();
    assertThat(future.poll(() -> woken.add("first"))).isInstanceOf(Poll.Pending.class);
    assertThat(future.poll(() -> woken.add("second"))).isInstanceOf(Poll.Pending.class);
    happens.run();
    assertThat(woken).containsExactly("second");
    assertThat(future.poll(() -> woken.add("third"))).isInstanceOf(Poll.Ready.class);
    assertThat(woken).containsExactly("second");
  }

  @Test
  void ofAPermit() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    check(semaphore.acquireAsync(), () -> semaphore.addPermits(1));
  }

  @Test
  void ofANotification() {
    Notify notify = new Notify();
    check(notify.notifiedAsync(), notify::notifyOne);
    check(notify.notifiedAsync(), notify::notifyWaiters);
  }

  @Test
  void ofAValue() {
    SetOnce<String> once = new SetOnce<>();
    check(once.getAsync(), () -> once.set("value"));
  }

  @Test
  void ofAnArrival() {
    Barrier barrier = new Barrier(2);
    check(barrier.arriveAsync(), barrier::arrive);
  }

  @Test
  void ofAGate() {
    Gate gate = new Gate();
    Pass pass = gate.enter();
    check(gate.closeAsync(), pass::close);
  }

  @Test
  void ofAToken() {
    CancellationToken token = new CancellationToken();
    check(token.child().cancelledAsync(), token::cancel);
  }
}
