package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Future;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a runtime with several loops: one for each processor that the JVM may use, unless it is told another number. From {@link Epollo#builder}.
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="builder"}
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class EpolloBuilder {
  private EpolloOptions options = EpolloOptions.defaults().withLoops(Runtime.getRuntime().availableProcessors());

  EpolloBuilder() {}

  /**
   * How many loops there are, as {@link EpolloOptions#withLoops} has it.
   *
   * @throws IllegalArgumentException if there cannot be so many
   */
  public EpolloBuilder loops(int count) {
    options = options.withLoops(count);
    return this;
  }

  /** Changes the other options: {@code options(o -> o.withName("server"))}. */
  public EpolloBuilder options(UnaryOperator<EpolloOptions> change) {
    options = change.apply(options);
    return this;
  }

  /** Starts the runtime, each loop on a daemon thread of its own; see {@link Epollo#start()}. */
  public Epollo start() {
    return Epollo.start(options);
  }

  /**
   * Runs {@code body} as a task, the first loop on the calling thread and the others on threads of their own; see {@link Epollo#run(Body)}.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws IllegalStateException inside a task, or on a virtual thread
   */
  public void run(Body body) {
    Epollo.run(options, body);
  }

  /** As {@link #run(Body)}, and returns what the body returns. */
  public <T extends @Nullable Object> T run(Callable<T> body) {
    return Epollo.run(options, body);
  }
}
