package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.CarrierChoice;

/** The contract with tasks on the JDK's scheduler. */
final class EpolloOnSharedCarrierTest extends EpolloContract {
  EpolloOnSharedCarrierTest() {
    super(CarrierChoice.SHARED);
  }
}
