package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AsyncSemaphoreTest {
  @Test
  void smallRequestsBehindALargeOne_doNotStarveIt() {
    AsyncSemaphore semaphore = new AsyncSemaphore(3);
    Permit one = semaphore.acquire();
    ByHand<Permit> large = ByHand.polled(semaphore.acquireAsync(3));
    ByHand<Permit> small = ByHand.polled(semaphore.acquireAsync(1));
    assertThat(semaphore.available()).isEqualTo(2);
    assertThat(semaphore.tryAcquire()).as("would overtake").isNull();
    assertThat(small.poll()).isInstanceOf(Poll.Pending.class);
    one.close();
    assertThat(small.isWoken()).isFalse();
    Permit all = large.value();
    assertThat(all.count()).isEqualTo(3);
    all.close();
    assertThat(small.value().count()).isEqualTo(1);
  }

  @Test
  void moreThanThereAre_waitUntilTheyAreAdded() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    ByHand<Permit> two = ByHand.polled(semaphore.acquireAsync(2));
    assertThat(two.future).hasToString("2 permits of a semaphore with 0 of 0 permits available, 1 waiting");
    semaphore.addPermits(1);
    assertThat(two.isWoken()).isFalse();
    semaphore.addPermits(1);
    assertThat(two.isWoken()).isTrue();
    assertThat(two.value().count()).isEqualTo(2);
  }

  @Test
  void closed_thoseWhoWaitFail_andWhatIsHeldGoesBack() {
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    Permit held = semaphore.acquire();
    ByHand<Permit> waiting = ByHand.polled(semaphore.acquireAsync());
    semaphore.close();
    semaphore.close();
    assertThat(semaphore.isClosed()).isTrue();
    assertThat(waiting.isWoken()).isTrue();
    assertThatExceptionOfType(SemaphoreClosedException.class).isThrownBy(waiting::value)
        .withMessageContaining("1 permits").withMessageContaining("closed");
    assertThatExceptionOfType(SemaphoreClosedException.class).isThrownBy(semaphore::acquire);
    assertThatExceptionOfType(SemaphoreClosedException.class).isThrownBy(semaphore::tryAcquire);
    held.close();
    assertThat(semaphore.available()).isEqualTo(1);
    assertThat(semaphore).hasToString("a semaphore with 1 of 1 permits available, 0 waiting, closed");
  }

  @Test
  void grantedBeforeTheClose_isTheirs() {
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    Permit held = semaphore.acquire();
    ByHand<Permit> waiting = ByHand.polled(semaphore.acquireAsync());
    held.close();
    semaphore.close();
    assertThat(waiting.value().count()).isEqualTo(1);
  }

  @Test
  void aLaterPollsWakerReplacesTheOlder() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    Future<Permit> future = semaphore.acquireAsync();
    List<String> woken = new ArrayList<>();
    assertThat(future.poll(() -> woken.add("first"))).isInstanceOf(Poll.Pending.class);
    assertThat(future.poll(() -> woken.add("second"))).isInstanceOf(Poll.Pending.class);
    semaphore.addPermits(1);
    assertThat(woken).containsExactly("second");
    future.close();
    assertThat(semaphore.available()).isEqualTo(1);
  }

  /** More of them than are woken at a time. */
  @Test
  void aWakerThatThrows_isReported_andTheOthersAreWoken() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    assertThat(semaphore.acquireAsync().poll(Hostile.throwing("granted"))).isInstanceOf(Poll.Pending.class);
    List<ByHand<Permit>> others = IntStream.range(0, 100).mapToObj(_ -> ByHand.polled(semaphore.acquireAsync()))
        .toList();
    assertThat(Hostile.reports(() -> semaphore.addPermits(60))).containsExactly("granted");
    assertThat(others.subList(0, 59)).allMatch(ByHand::isWoken);
    assertThat(others.subList(59, 100)).noneMatch(ByHand::isWoken);
    assertThat(semaphore.acquireAsync().poll(Hostile.throwing("closed"))).isInstanceOf(Poll.Pending.class);
    assertThat(Hostile.reports(semaphore::close)).containsExactly("closed");
    assertThat(others).allMatch(ByHand::isWoken);
  }

  @Test
  void aWakerThatTakesAndGivesBackAtOnce() {
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      Future<Permit> future = semaphore.acquireAsync();
      assertThat(future.poll(() -> {
        order.add(number);
        if (future.poll(() -> {}) instanceof Poll.Ready<Permit>(Permit permit)) {
          permit.close(); // wakes the next, from within this one
        }
      })).isInstanceOf(Poll.Pending.class);
    }
    semaphore.addPermits(1);
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @Test
  void permitsOfAnotherSemaphoreOrTooMany_areAnError() {
    AsyncSemaphore semaphore = new AsyncSemaphore(3);
    Permit permit = semaphore.acquire(2);
    Permit foreign = new AsyncSemaphore(1).acquire();
    assertThatIllegalArgumentException().isThrownBy(() -> permit.merge(foreign)).withMessageContaining("another");
    assertThatIllegalArgumentException().isThrownBy(() -> permit.merge(permit)).withMessageContaining("the same");
    assertThatNullPointerException().isThrownBy(() -> permit.merge(null)).withMessage("other");
    assertThatIllegalArgumentException().isThrownBy(() -> permit.split(3)).withMessageContaining("3 permits off 2");
    assertThatIllegalArgumentException().isThrownBy(() -> permit.split(0)).withMessageContaining("at least 1");
    assertThat(permit.count()).isEqualTo(2);
    assertThat(permit.forget()).isEqualTo(2);
    assertThat(semaphore.total()).isEqualTo(1);
    permit.close();
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @Test
  void badNumbers_areAnError() {
    assertThatIllegalArgumentException().isThrownBy(() -> new AsyncSemaphore(-1)).withMessageContaining("-1 permits");
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    assertThatIllegalArgumentException().isThrownBy(() -> semaphore.acquireAsync(0))
        .withMessageContaining("at least 1");
    assertThatIllegalArgumentException().isThrownBy(() -> semaphore.tryAcquire(-2)).withMessageContaining("-2");
    assertThatIllegalArgumentException().isThrownBy(() -> semaphore.addPermits(0)).withMessageContaining("at least 1");
    assertThatIllegalArgumentException().isThrownBy(() -> semaphore.addPermits(Integer.MAX_VALUE))
        .withMessageContaining("at most");
    assertThat(semaphore.available()).isEqualTo(1);
  }
}
