package io.github.epollo.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

/** The body of a JUnit test as the body of a task: what it throws reaches JUnit as it was thrown. */
final class TestBody implements io.github.epollo.runtime.Body {
  private final Invocation<@Nullable Void> invocation;
  private volatile @Nullable Throwable thrown;

  TestBody(Invocation<@Nullable Void> invocation) {
    this.invocation = invocation;
  }

  @Override
  public void run() throws Exception {
    try {
      @Nullable Void _ = invocation.proceed();
    } catch (Exception | Error e) {
      thrown = e;
      throw e;
    } catch (Throwable t) {
      thrown = t;
      throw new IllegalStateException(t);
    }
  }

  /** What the test threw, if {@code failure} only wraps it; with all that was attached to the wrapper. */
  Throwable unwrapped(Throwable failure) {
    Throwable original = thrown;
    if (original == null || failure.getCause() != original) {
      return failure;
    }
    for (Throwable attached : failure.getSuppressed()) {
      original.addSuppressed(attached);
    }
    return original;
  }
}
