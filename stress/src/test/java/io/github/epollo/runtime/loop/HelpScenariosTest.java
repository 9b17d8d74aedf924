package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.stress.Explore;
import io.github.epollo.stress.Scenario;
import io.github.epollo.stress.Twin;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Hazard 2, where another loop looks for the events of one that was held, which goes on just then. */
final class HelpScenariosTest {
  /** A loop that falls asleep, work that comes, and a helper that may take the edge of the eventfd. */
  public static final class SleepWakeAndHelp extends Scenario {
    private volatile boolean edge; // an event that the next look for events finds, and that is gone then
    private volatile boolean published;
    private boolean found;

    @Override
    protected void play() {
      edge = false;
      published = false;
      found = false;
      Wakeup wakeup = create();
      together(() -> {
        wakeup.fallAsleep();
        found = published;
      }, () -> {
        published = true;
        wakeup.wake();
      }, () -> {
        edge = false; // as epoll_wait does
        wakeup.passOn();
      });
      require(found || edge, "a loop that sleeps though there is work");
    }

    private Wakeup create() {
      Kernel kernel = (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
          (self, method, arguments) -> switch (method.getName()) {
            case "equals" -> self == arguments[0]; // the checker asks for these
            case "hashCode" -> 1;
            case "toString" -> "kernel";
            case "eventfd" -> 1;
            case "write" -> {
              edge = true;
              yield 8L;
            }
            default -> throw new UnsupportedOperationException(method.toString());
          });
      try {
        return new Wakeup(kernel);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aHelperLosesNoWakeUp() {
    Explore.holds(SleepWakeAndHelp.class);
  }

  @Test
  void aHelperThatKeepsTheWakeUpIsFound() {
    Explore.finds("a loop that sleeps though there is work", SleepWakeAndHelp.class,
        Twin.of("io.github.epollo.runtime.loop.Wakeup").with("    if (state != AWAKE) {",
            "    if (state > NOTIFIED) {"));
  }

  @Test
  void aLoopThatDoesNotLookAgainIsFound() {
    Explore.finds("a loop that sleeps though there is work", SleepWakeAndHelp.class,
        Twin.of("io.github.epollo.runtime.loop.Wakeup").with("STATE.setVolatile(this, ASLEEP);",
            "STATE.setVolatile(this, NOTIFIED);"));
  }
}
