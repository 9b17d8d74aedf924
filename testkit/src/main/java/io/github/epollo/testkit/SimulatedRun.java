package io.github.epollo.testkit;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** One run of an {@link EpolloTest} in a simulation. */
final class SimulatedRun implements InvocationInterceptor, ParameterResolver {
  private final SimulationRun run;

  SimulatedRun(Simulation simulation, Class<?> testClass, Method method) {
    this.run = simulation.replayable().prepare(Replay.nameOf(testClass, method));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == World.class;
  }

  @Override
  public World resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return run.world();
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context) throws Throwable {
    TestBody body = new TestBody(invocation);
    try {
      Trace _ = run.run(_ -> body.run());
    } catch (Throwable t) {
      throw body.unwrapped(t);
    }
  }
}
