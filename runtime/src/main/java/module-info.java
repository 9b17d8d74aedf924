import org.jspecify.annotations.NullMarked;

/**
 * Epollo, an async runtime for Java on Linux: tasks are straight-line code on virtual threads that an event loop carries on its own thread, and what they
 * wait for is registered with that thread's epoll.
 *
 * <p>Start with {@link io.github.epollo.runtime.Epollo}.
 */
@NullMarked
module io.github.epollo.runtime {
  requires static jdk.jfr; // where the JVM has it
  requires jdk.unsupported; // handlers of signals
  requires org.jctools.core.jdk11;
  requires static transitive org.jspecify;

  exports io.github.epollo.runtime;
  exports io.github.epollo.runtime.driver;
  exports io.github.epollo.runtime.future;
  exports io.github.epollo.runtime.io;
  exports io.github.epollo.runtime.kernel;
  exports io.github.epollo.runtime.loop;
  exports io.github.epollo.runtime.stream;
  exports io.github.epollo.runtime.sync;

  uses io.github.epollo.runtime.loop.SleepProvider;
}
