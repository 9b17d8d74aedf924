package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.CarrierChoice;
import org.junit.jupiter.api.Nested;

/** The contract with tasks on the JDK's scheduler. */
final class EpolloOnSharedCarrierTest {
  @Nested
  final class Running extends TaskContract {
    Running() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Cancelling extends CancelContract {
    Cancelling() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Misusing extends MisuseContract {
    Misusing() {
      super(CarrierChoice.SHARED);
    }
  }

  @Nested
  final class Failing extends FailureContract {
    Failing() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Closing extends CloseContract {
    Closing() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Shielding extends ShieldContract {
    Shielding() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Scoping extends ScopeContract {
    Scoping() {
      super(CarrierChoice.SHARED, 1);
    }
  }

  @Nested
  final class Blocking extends BlockingContract {
    Blocking() {
      super(CarrierChoice.SHARED, 1);
    }
  }
}
