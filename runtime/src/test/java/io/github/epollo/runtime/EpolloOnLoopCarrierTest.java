package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.CarrierChoice;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract with tasks on the loop's own thread. */
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
final class EpolloOnLoopCarrierTest {
  @Nested
  final class Running extends TaskContract {
    Running() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Cancelling extends CancelContract {
    Cancelling() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Misusing extends MisuseContract {
    Misusing() {
      super(CarrierChoice.LOOP);
    }
  }

  @Nested
  final class Failing extends FailureContract {
    Failing() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Closing extends CloseContract {
    Closing() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Shielding extends ShieldContract {
    Shielding() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Scoping extends ScopeContract {
    Scoping() {
      super(CarrierChoice.LOOP, 1);
    }
  }

  @Nested
  final class Blocking extends BlockingContract {
    Blocking() {
      super(CarrierChoice.LOOP, 1);
    }
  }
}
