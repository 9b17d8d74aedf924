package io.github.epollo.timers;

import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.loop.CarrierChoice;

/** The runtime that this run of the tests is about: they run once with each carrier. */
final class TestRuntime {
  static final boolean LOOP_CARRIES = "loop".equals(System.getProperty("epollo.test.carrier"));

  private TestRuntime() {}

  static EpolloOptions options() {
    return EpolloOptions.defaults().withCarrier(LOOP_CARRIES ? CarrierChoice.LOOP : CarrierChoice.SHARED);
  }
}
