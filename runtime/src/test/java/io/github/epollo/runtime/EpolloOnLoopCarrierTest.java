package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.CarrierChoice;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract with tasks on the loop's own thread. */
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
final class EpolloOnLoopCarrierTest extends EpolloContract {
  EpolloOnLoopCarrierTest() {
    super(CarrierChoice.LOOP);
  }
}
