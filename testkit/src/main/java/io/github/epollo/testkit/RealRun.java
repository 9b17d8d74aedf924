package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Timers;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** One run of an {@link EpolloTest} on the real kernel. */
final class RealRun implements InvocationInterceptor, ParameterResolver {
  private final Duration limit;

  RealRun(Duration limit) {
    this.limit = limit;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == World.class;
  }

  /** Only says what is missing. */
  @Override
  public World resolveParameter(ParameterContext parameter, ExtensionContext context) {
    throw new ParameterResolutionException(
        "there is no World on the real kernel; add virtualTime = true to @EpolloTest");
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context) throws Throwable {
    TestBody body = new TestBody(invocation);
    LeakCheck leaks = LeakCheck.begin();
    Loop loop;
    try (Epollo epollo = Epollo.start()) {
      loop = epollo.loop();
      Task<?> task = epollo.spawn(method.getExecutable().getName(), body);
      try {
        Object _ = task.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw body.unwrapped(e);
      } catch (TimeoutException e) {
        throw new AssertionError("the test has not ended within " + limit + "; its tasks:\n" + epollo.dump(), e);
      }
    }
    leaks.end();
    if (Timers.armedOn(loop) > 0) {
      throw new AssertionError("left by the test: " + Timers.armedOn(loop)
          + " timers that are armed; close the futures that nobody waits for");
    }
  }
}
