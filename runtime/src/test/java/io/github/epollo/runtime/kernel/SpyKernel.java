package io.github.epollo.runtime.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A kernel that counts its calls by name, and lets a test answer some of them. */
public final class SpyKernel {
  /** What answers a call in place of the kernel. */
  @FunctionalInterface
  public interface Answer {
    /** The result; {@code real} makes the call. */
    Object answer(Object[] arguments, Real real) throws Throwable;
  }

  /** The call to the kernel beneath. */
  @FunctionalInterface
  public interface Real {
    /** Makes the call. */
    Object call() throws Throwable;
  }

  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Kernel kernel;

  /** Spies on Linux. */
  public SpyKernel() {
    this(LinuxKernel.get());
  }

  /** Spies on {@code beneath}. */
  public SpyKernel(Kernel beneath) {
    this.kernel = (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
        (proxy, method, arguments) -> invoke(beneath, method, arguments));
  }

  private Object invoke(Kernel beneath, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(this, arguments);
    }
    counts.computeIfAbsent(method.getName(), _ -> new AtomicLong()).incrementAndGet();
    Real real = () -> {
      try {
        return method.invoke(beneath, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    };
    Answer answer = answers.get(method.getName());
    return answer == null ? real.call() : answer.answer(arguments, real);
  }

  /** The kernel to hand to the code under test. */
  public Kernel kernel() {
    return kernel;
  }

  /** How often {@code name} was called. */
  public long count(String name) {
    AtomicLong count = counts.get(name);
    return count == null ? 0 : count.get();
  }

  /** Answers the calls of {@code name} from here on. */
  public SpyKernel on(String name, Answer answer) {
    answers.put(name, answer);
    return this;
  }
}
