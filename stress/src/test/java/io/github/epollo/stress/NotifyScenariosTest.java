package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Notified;
import io.github.epollo.runtime.sync.Notify;
import org.junit.jupiter.api.Test;

/** Hazard 20 on notifications: one that was given is taken by somebody, or kept. */
final class NotifyScenariosTest {

  /** A notification comes while one comes to wait for it. */
  public static final class NotifyMeetsArrival extends Scenario {
    @Override
    protected void play() {
      Notify notify = new Notify();
      Polled<Void> arriving = new Polled<>(notify.notifiedAsync());
      together(arriving::pollIfWoken, notify::notifyOne);
      Polled.settle(arriving);
      require(arriving.isDone(), "the notification is lost");
    }
  }

  /** Of two who wait the first gives up while a notification comes: it is for the second. */
  public static final class NotifyMeetsCancel extends Scenario {
    @Override
    protected void play() {
      Notify notify = new Notify();
      Polled<Void> first = Polled.started(notify.notifiedAsync());
      Polled<Void> second = Polled.started(notify.notifiedAsync());
      together(notify::notifyOne, first::close);
      Polled.settle(second);
      require(second.isDone(), "the notification is lost");
    }
  }

  /** Two notifications for two who wait, of whom one gives up: the other goes on, and the second notification is kept. */
  public static final class TwoNotificationsMeetCancel extends Scenario {
    @Override
    protected void play() {
      Notify notify = new Notify();
      Polled<Void> first = Polled.started(notify.notifiedAsync());
      Polled<Void> second = Polled.started(notify.notifiedAsync());
      together(notify::notifyOne, notify::notifyOne, first::close);
      Polled.settle(second);
      Polled<Void> later = Polled.started(notify.notifiedAsync());
      require(second.isDone() && later.isDone(), "the notification is lost");
    }
  }

  /** Who registers and then looks does not miss what is changed and then told to all. */
  public static final class EnableMeetsNotifyWaiters extends Scenario {
    private volatile boolean changed;

    @Override
    protected void play() {
      changed = false;
      Notify notify = new Notify();
      Notified notified = notify.notifiedAsync();
      Polled<Void> waiting = new Polled<>(notified);
      boolean[] seen = new boolean[1];
      together(() -> {
        boolean _ = notified.enable();
        seen[0] = changed;
        if (!seen[0]) {
          waiting.pollIfWoken();
        }
      }, () -> {
        changed = true;
        notify.notifyWaiters();
      });
      if (seen[0]) {
        waiting.close();
      } else {
        Polled.settle(waiting);
      }
      require(seen[0] || waiting.isDone(), "the change was missed");
    }
  }

  @Test
  void aNotificationIsTakenByWhoComesAtTheSameTime() {
    Explore.holds(NotifyMeetsArrival.class);
  }

  @Test
  void aNotifyWithoutTheLockIsFound() {
    Explore.finds("the notification is lost", NotifyMeetsArrival.class,
        Twin.of(Notify.class).with("    waiting.add(waiter);", "    lock.unlock(); lock.lock(); waiting.add(waiter);"));
  }

  @Test
  void aNotificationForOneWhoGivesUpGoesToTheNext() {
    Explore.holds(NotifyMeetsCancel.class);
  }

  @Test
  void aCancelThatKeepsTheNotificationIsFound() {
    Explore.finds("the notification is lost", NotifyMeetsCancel.class,
        Twin.of(Notify.class).with("waiter.state == Notified.State.CHOSEN && !taken", "false"));
  }

  @Test
  void aCancelThatWakesNobodyIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, NotifyMeetsCancel.class,
        Twin.of(Notify.class).with("    Wakers.wake(follower);\n", ""));
  }

  @Test
  void twoNotificationsAreNeverTakenForOne() {
    Explore.holds(TwoNotificationsMeetCancel.class);
  }

  @Test
  void aCancelThatKeepsOneOfTwoNotificationsIsFound() {
    Explore.finds("the notification is lost", TwoNotificationsMeetCancel.class,
        Twin.of(Notify.class).with("waiter.state == Notified.State.CHOSEN && !taken", "false"));
  }

  @Test
  void whoIsEnabledMissesNoChange() {
    Explore.holds(EnableMeetsNotifyWaiters.class);
  }

  @Test
  void anEnableThatDoesNotRegisterIsFound() {
    Explore.finds("the change was missed", EnableMeetsNotifyWaiters.class,
        Twin.of(Notified.class).with("return notify.register(this, waker);", "return false;"));
  }
}
