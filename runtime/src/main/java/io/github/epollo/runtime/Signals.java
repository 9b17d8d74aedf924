package io.github.epollo.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Handlers of signals, for as long as this is open. The JDK has them in {@code sun.misc.Signal}, of the module {@code jdk.unsupported}; by reflection, since javac warns of that package in a way that cannot
 * be turned off. A shutdown hook would be the supported way, but it runs when the JVM ends already: the exit code is fixed by then, the logging is being shut down at the same time, and a second signal does nothing.
 */
final class Signals implements AutoCloseable {
  private record Handled(Object signal, Object before) {}

  private final Method handle;
  private final List<Handled> handled = new ArrayList<>();

  /**
   * Has {@code handler} called with the number of each signal that comes, on a thread of the JVM's.
   *
   * @param names such as TERM
   * @throws IllegalStateException if the JVM does not allow it
   */
  Signals(List<String> names, IntConsumer handler) {
    boolean done = false;
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      handle = signal.getMethod("handle", signal, handlerType);
      Object proxy = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[]{handlerType},
          (self, method, arguments) -> answer(self, method, arguments, handler, number));
      for (String name : names) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        handled.add(new Handled(one, handle.invoke(null, one, proxy)));
      }
      done = true;
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new IllegalStateException("cannot handle the signals " + names + ": " + cause
          + "; the JVM must have the module jdk.unsupported, and run without -Xrs", cause);
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private static @Nullable Object answer(Object self, Method method, Object @Nullable [] arguments, IntConsumer handler,
      Method number) throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "handle" -> {
        if (arguments != null) {
          handler.accept((int) number.invoke(arguments[0]));
        }
        yield null;
      }
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "a handler of Epollo's";
    };
  }

  /** Has the handlers from before again. */
  @Override
  public void close() {
    for (Handled one : handled) {
      try {
        handle.invoke(null, one.signal(), one.before());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot give back the handler of " + one.signal(), e);
      }
    }
    handled.clear();
  }
}
