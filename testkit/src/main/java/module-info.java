import org.jspecify.annotations.NullMarked;

/**
 * Tests of code that waits, without waiting: production code runs on a simulated kernel, in virtual time, with an
 * order of tasks and with faults that a seed decides.
 */
@NullMarked
module io.github.epollo.testkit {
  requires transitive io.github.epollo.runtime;
  requires transitive io.github.epollo.timers;
  requires static transitive org.jspecify;
  requires static transitive org.junit.jupiter.api;
  requires static transitive net.jqwik.api;

  exports io.github.epollo.testkit;
  exports io.github.epollo.testkit.jqwik;
}
