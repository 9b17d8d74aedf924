package io.github.epollo.testkit;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs the methods that are marked with {@link EpolloTest}; for JUnit, which creates it. */
public final class EpolloExtension implements TestTemplateInvocationContextProvider {
  /** For JUnit. */
  public EpolloExtension() {}

  /** One run of a test. */
  private record Invocation(String name, Extension extension) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return name;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(extension);
    }
  }

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), EpolloTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
    EpolloTest test = AnnotationSupport.findAnnotation(context.getTestMethod(), EpolloTest.class).orElseThrow();
    check(test);
    Duration limit = Duration.ofSeconds(test.limitSeconds());
    if (!test.virtualTime()) {
      return Stream.of(new Invocation("on the real kernel", new RealRun(limit)));
    }
    Long replayed = Simulation.replayedSeed();
    LongStream seeds = replayed != null ? LongStream.of(replayed) : LongStream.rangeClosed(1, test.seeds());
    return seeds.mapToObj(seed -> new Invocation("seed " + seed, new SimulatedRun(Simulation.ofSeed(seed)
        .withFaults(Faults.harmless(test.harmlessFaults())).withLimit(limit), context.getRequiredTestClass(),
        context.getRequiredTestMethod())));
  }

  private static void check(EpolloTest test) {
    if (test.seeds() < 1) {
      throw new ExtensionConfigurationException("seeds = " + test.seeds() + "; at least one is needed");
    }
    if (test.limitSeconds() < 1) {
      throw new ExtensionConfigurationException("limitSeconds = " + test.limitSeconds() + "; at least one is needed");
    }
    if (!test.virtualTime() && (test.seeds() != 1 || test.harmlessFaults() != 0)) {
      throw new ExtensionConfigurationException("seeds and harmlessFaults are for simulations; add virtualTime = true");
    }
  }
}
