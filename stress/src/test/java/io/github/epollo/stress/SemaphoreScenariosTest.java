package io.github.epollo.stress;

import io.github.epollo.runtime.sync.AsyncSemaphore;
import io.github.epollo.runtime.sync.Permit;
import org.junit.jupiter.api.Test;

/** Hazard 20 on the semaphore: no permit is lost, nor a wake-up, whoever gives back, gives up or closes. */
final class SemaphoreScenariosTest {
  private static final String PERMITS = "permits were lost or made";

  /** Gives back what {@code acquired} has, and counts. */
  private static void requireAllBack(AsyncSemaphore semaphore, Polled<Permit> acquired) {
    if (acquired.hasValue()) {
      acquired.value().close();
    }
    Scenario.require(semaphore.available() == semaphore.total(), PERMITS);
  }

  /** One gives its permit back while another comes to wait for it. */
  public static final class AcquireMeetsRelease extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(1);
      Permit held = semaphore.tryAcquire();
      Polled<Permit> acquired = new Polled<>(semaphore.acquireAsync());
      together(acquired::pollIfWoken, held::close);
      Polled.settle(acquired);
      require(acquired.hasValue(), "no permit for who waits");
      requireAllBack(semaphore, acquired);
    }
  }

  /** Two give back at the same time what one who waits needs both of. */
  public static final class TwoReleasesForOne extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(2);
      Permit one = semaphore.tryAcquire();
      Permit other = semaphore.tryAcquire();
      Polled<Permit> both = Polled.started(semaphore.acquireAsync(2));
      together(one::close, other::close);
      Polled.settle(both);
      require(both.hasValue(), "no permits for who waits");
      requireAllBack(semaphore, both);
    }
  }

  /** The first who waits gives up while the permit comes: it is for the second. */
  public static final class CancelMeetsRelease extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(1);
      Permit held = semaphore.tryAcquire();
      Polled<Permit> first = Polled.started(semaphore.acquireAsync());
      Polled<Permit> second = Polled.started(semaphore.acquireAsync());
      together(held::close, first::close);
      Polled.settle(second);
      require(second.hasValue(), "no permit for the second");
      requireAllBack(semaphore, second);
    }
  }

  /** The first waits for many and gives up; those behind him need not wait any more, while a third comes. */
  public static final class CancelOfManyMeetsAcquire extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(2);
      Permit held = semaphore.tryAcquire();
      Polled<Permit> many = Polled.started(semaphore.acquireAsync(2));
      Polled<Permit> few = new Polled<>(semaphore.acquireAsync());
      together(few::pollIfWoken, many::close);
      Polled.settle(few);
      require(few.hasValue(), "no permit for who wants few");
      held.close();
      requireAllBack(semaphore, few);
    }
  }

  /** The semaphore is closed while one comes to wait and another gives back. */
  public static final class CloseMeetsAcquire extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(1);
      Permit held = semaphore.tryAcquire();
      Polled<Permit> acquired = new Polled<>(semaphore.acquireAsync());
      together(acquired::pollIfWoken, semaphore::close, held::close);
      Polled.settle(acquired);
      require(acquired.isDone(), "one waits for a closed semaphore");
      requireAllBack(semaphore, acquired);
    }
  }

  @Test
  void aPermitThatIsGivenBackWhileATaskComesToWaitIsTaken() {
    Explore.holds(AcquireMeetsRelease.class);
  }

  @Test
  void aWaiterThatLooksAndWaitsInTwoStepsIsFound() {
    Explore.finds("no permit for who waits", AcquireMeetsRelease.class,
        Twin.of(AsyncSemaphore.class).with("        waiting.join(this, waker);",
            "        lock.unlock(); lock.lock();\n        waiting.join(this, waker);"));
  }

  @Test
  void twoReleasesAtTheSameTimeServeOneWhoNeedsBoth() {
    Explore.holds(TwoReleasesForOne.class);
  }

  @Test
  void aReleaseWithoutTheLockIsFound() {
    Explore.finds("no permits for who waits", TwoReleasesForOne.class,
        Twin.of(AsyncSemaphore.class).with("""
              available += permit.count;
              permit.count = 0;
            } finally {
        """, """
            } finally {
              lock.unlock();
              available += permit.count;
              permit.count = 0;
              lock.lock();
        """));
  }

  @Test
  void aPermitThatComesToOneWhoGivesUpIsForTheNext() {
    Explore.holds(CancelMeetsRelease.class);
  }

  @Test
  void aCancelThatKeepsItsPermitIsFound() {
    Explore.finds("no permit for the second", CancelMeetsRelease.class,
        Twin.of(AsyncSemaphore.class).with("          granted = false;\n          available += permits;",
            "          granted = false;"));
  }

  @Test
  void whoWaitsBehindOneThatGivesUpMovesUp() {
    Explore.holds(CancelOfManyMeetsAcquire.class);
  }

  @Test
  void aCancelThatWakesNobodyIsFound() {
    Explore.finds("no permit for who wants few", CancelOfManyMeetsAcquire.class,
        Twin.of(AsyncSemaphore.class).with("""
          available += permits;
        }
      } finally {
        lock.unlock();
      }
      grant();
""", """
          available += permits;
        }
      } finally {
        lock.unlock();
      }
"""));
  }

  @Test
  void nobodyWaitsForAClosedSemaphore() {
    Explore.holds(CloseMeetsAcquire.class);
  }

  @Test
  void aCloseThatIsNotedTooLateIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, CloseMeetsAcquire.class,
        Twin.of(AsyncSemaphore.class).with("      closed = true;\n", "")
            .with("    Wakers.wakeAll(lock, waiting, end);\n",
                "    Wakers.wakeAll(lock, waiting, end);\n    closed = true;\n"));
  }
}
