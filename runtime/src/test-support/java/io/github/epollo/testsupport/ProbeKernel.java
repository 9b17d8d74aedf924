package io.github.epollo.testsupport;

import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A kernel for tests that counts the calls of another by name, those on files too, and lets a test answer some of them itself.
 *
 * <pre>{@code
 * ProbeKernel probe = new ProbeKernel();
 * probe.on("accept4", call -> call.nth() == 1 ? -Errno.EMFILE : call.real());
 * Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> ...);
 * assertThat(probe.calls("accept4")).isEqualTo(2);
 * }</pre>
 *
 * <p>Callable from any thread. It allocates: not for tests of allocation.
 */
public final class ProbeKernel {
  private final Kernel target;
  private final Kernel kernel;
  private final FileKernel files;
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** Probes Linux. */
  public ProbeKernel() {
    this(LinuxKernel.get());
  }

  /** Probes {@code target}. */
  public ProbeKernel(Kernel target) {
    this.target = target;
    this.kernel = (Kernel) Proxy.newProxyInstance(
        Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
        (proxy, method, args) -> call(target, method, args));
    this.files = (FileKernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{FileKernel.class},
        (proxy, method, args) -> call(target.files(), method, args));
  }

  /** What a test does in place of a call. */
  @FunctionalInterface
  public interface Answer {
    /** The result, {@code >= 0} or {@code -errno}. */
    long to(Call call) throws Throwable;
  }

  /** A call under way. */
  public static final class Call {
    private final Object receiver;
    private final Method method;
    private final long nth;

    /** The arguments; changing them changes what {@link #real} passes on. */
    public final Object[] args;

    Call(Object receiver, Method method, long nth, Object[] args) {
      this.receiver = receiver;
      this.method = method;
      this.nth = nth;
      this.args = args;
    }

    /** 1 for the first call of this name since the last {@link ProbeKernel#reset}. */
    public long nth() {
      return nth;
    }

    /** The argument at {@code index} as an int. */
    public int intArg(int index) {
      return ((Number) args[index]).intValue();
    }

    /** The argument at {@code index} as a long. */
    public long longArg(int index) {
      return ((Number) args[index]).longValue();
    }

    /** Makes the call; returns its result. */
    public long real() throws Throwable {
      try {
        return ((Number) method.invoke(receiver, args)).longValue();
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /** The kernel to give to the code under test. */
  public Kernel kernel() {
    return kernel;
  }

  /** Has {@code answer} asked in place of each call of the method {@code name}, such as {@code "accept4"}. */
  public ProbeKernel on(String name, Answer answer) {
    if (Stream.of(Kernel.class, FileKernel.class).flatMap(c -> Arrays.stream(c.getMethods()))
        .noneMatch(m -> m.getName().equals(name))) {
      throw new IllegalArgumentException("neither Kernel nor FileKernel has a method " + name);
    }
    answers.put(name, answer);
    return this;
  }

  /** Passes calls of {@code name} on again. */
  public void off(String name) {
    answers.remove(name);
  }

  /** How often the method {@code name} was called since the last {@link #reset}. */
  public long calls(String name) {
    AtomicLong count = counts.get(name);
    return count == null ? 0 : count.get();
  }

  /** All counts since the last {@link #reset}, by name. */
  public Map<String, Long> calls() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((name, count) -> all.put(name, count.get()));
    return all;
  }

  /** Sets all counts to zero. */
  public void reset() {
    counts.clear();
  }

  private Object call(Object receiver, Method method, Object[] args) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.getName().equals("toString") ? "ProbeKernel over " + target : method.invoke(this, args);
    }
    String name = method.getName();
    if (name.equals("files")) {
      return files;
    }
    Call call = new Call(receiver, method, counts.computeIfAbsent(name, k -> new AtomicLong()).incrementAndGet(), args);
    Answer answer = answers.get(name);
    long result = answer == null ? call.real() : answer.to(call);
    if (method.getReturnType() == int.class) {
      return (int) result;
    }
    return result;
  }
}
