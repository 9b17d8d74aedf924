package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hazard 16, for every method that the two interfaces have: a new call cannot be forgotten. */
final class RestartingKernelTest {
  private static final int INTERRUPTIONS = 3;
  private static final int RESULT = 7;

  static Stream<Method> calls() {
    return Stream.of(Kernel.class, FileKernel.class).flatMap(c -> Arrays.stream(c.getMethods()))
        .filter(m -> m.getReturnType().isPrimitive());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aSignalIsInvisible(Method call) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    long result = invoke(call, calls, -Errno.EINTR);
    switch (call.getName()) {
      case "epollWait" -> {
        assertThat(calls).as("never waits again with the full timeout").hasValue(1);
        assertThat(result).isZero();
      }
      case "connect" -> {
        assertThat(calls).as("goes on by itself").hasValue(1);
        assertThat(result).isEqualTo(-Errno.EINPROGRESS);
      }
      case "close" -> assertThat(calls).as("the number is free already").hasValue(1);
      case "clockGettime" -> {
        assertThat(calls).as("answers a time, which may look like an errno").hasValue(1);
        assertThat(result).isEqualTo(-Errno.EINTR);
      }
      default -> {
        assertThat(calls).hasValue(INTERRUPTIONS + 1);
        assertThat(result).isEqualTo(RESULT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void everyOtherErrorIsHandedOn(Method call) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    assertThat(invoke(call, calls, -Errno.EAGAIN)).isEqualTo(-Errno.EAGAIN);
    assertThat(calls).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void argumentsArriveUnchanged(Method call) throws Exception {
    Object[][] seen = new Object[1][];
    Kernel kernel = new RestartingKernel(proxy((_, arguments) -> {
      seen[0] = arguments;
      return RESULT;
    }));
    Object[] arguments = arguments(call);
    call.invoke(receiver(kernel, call), arguments);
    assertThat(seen[0]).containsExactly(arguments);
  }

  private static long invoke(Method call, AtomicInteger calls, int failure) throws Exception {
    Kernel kernel = new RestartingKernel(
        proxy((_, _) -> calls.incrementAndGet() <= INTERRUPTIONS ? failure : RESULT));
    return ((Number) call.invoke(receiver(kernel, call), arguments(call))).longValue();
  }

  private static Object receiver(Kernel kernel, Method call) {
    return call.getDeclaringClass() == FileKernel.class ? kernel.files() : kernel;
  }

  private interface Calls {
    int call(Method method, Object[] arguments);
  }

  private static Kernel proxy(Calls calls) {
    return (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(),
        new Class<?>[]{Kernel.class, FileKernel.class},
        (proxy, method, arguments) -> {
          if (method.getReturnType() == FileKernel.class) {
            return proxy;
          }
          int result = calls.call(method, arguments);
          return method.getReturnType() == long.class ? (Object) (long) result : (Object) result;
        });
  }

  private static Object[] arguments(Method call) {
    Object[] arguments = new Object[call.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = call.getParameterTypes()[i] == long.class ? (Object) (long) (i + 10) : (Object) (i + 10);
    }
    return arguments;
  }
}
