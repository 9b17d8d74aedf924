package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Hazard 2: a loop falls asleep and looks once more, while work is published and the loop woken. */
@JCStressTest
@Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "seen or woken")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "asleep, with work that nobody wakes it for")
@State
public class WakeupStress {
  private static final int FDS = 1 << 16; // more than there are states at a time
  private static final boolean[] WRITTEN = new boolean[FDS];
  private static final AtomicInteger LAST_FD = new AtomicInteger();

  private static final Kernel KERNEL = (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(),
      new Class<?>[]{Kernel.class}, (_, method, arguments) -> switch (method.getName()) {
        case "eventfd" -> {
          int fd = LAST_FD.incrementAndGet() & (FDS - 1);
          WRITTEN[fd] = false;
          yield fd;
        }
        case "write" -> {
          WRITTEN[(int) arguments[0]] = true;
          yield 8L;
        }
        default -> throw new UnsupportedOperationException(method.toString());
      });

  private static final VarHandle WORK;

  static {
    try {
      WORK = MethodHandles.lookup().findVarHandle(WakeupStress.class, "work", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Wakeup wakeup;

  @SuppressWarnings("unused") // through WORK
  private int work;

  public WakeupStress() {
    try {
      wakeup = new Wakeup(KERNEL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Actor
  public void loop(II_Result result) {
    wakeup.fallAsleep();
    result.r1 = (int) WORK.getAcquire(this);
  }

  @Actor
  public void submitter() {
    WORK.setRelease(this, 1); // as a queue publishes
    wakeup.wake();
  }

  @Arbiter
  public void after(II_Result result) {
    result.r2 = WRITTEN[wakeup.fd().number()] ? 1 : 0;
  }
}
