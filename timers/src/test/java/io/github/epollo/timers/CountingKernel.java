package io.github.epollo.timers;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/** Linux, observed: what timers do with the timerfd, how often the loop waits, and, if asked for, signals and a wrong clock. */
final class CountingKernel {
  final AtomicInteger waits = new AtomicInteger();
  final AtomicInteger mostSettimesAWait = new AtomicInteger();
  final AtomicInteger timerfds = new AtomicInteger();
  final List<Long> settimes = new CopyOnWriteArrayList<>();
  volatile BooleanSupplier interruptWait = () -> false;
  volatile LongUnaryOperator clock = LongUnaryOperator.identity();

  private final AtomicInteger settimesThisWait = new AtomicInteger();
  private final Kernel linux = LinuxKernel.get();

  Kernel kernel() {
    return (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
        (_, method, arguments) -> switch (method.getName()) {
          case "epollWait" -> {
            waits.incrementAndGet();
            settimesThisWait.set(0);
            yield interruptWait.getAsBoolean() ? -Errno.EINTR : call(method, arguments);
          }
          case "timerfdCreate" -> {
            timerfds.incrementAndGet();
            yield call(method, arguments);
          }
          case "timerfdSettime" -> {
            settimes.add((Long) arguments[1]);
            mostSettimesAWait.accumulateAndGet(settimesThisWait.incrementAndGet(), Math::max);
            yield call(method, arguments);
          }
          case "clockGettime" -> clock.applyAsLong((Long) call(method, arguments));
          default -> call(method, arguments);
        });
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(linux, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
