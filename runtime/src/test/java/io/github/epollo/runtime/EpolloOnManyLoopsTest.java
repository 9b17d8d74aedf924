package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.CarrierChoice;
import org.junit.jupiter.api.Nested;

/** The contract with several loops, on whatever carries tasks in this JVM. */
final class EpolloOnManyLoopsTest {
  private static final int LOOPS = 3;
  private static final CarrierChoice CARRIER = "loop".equals(System.getProperty("epollo.test.carrier"))
      ? CarrierChoice.LOOP
      : CarrierChoice.SHARED;

  @Nested
  final class Running extends TaskContract {
    Running() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Cancelling extends CancelContract {
    Cancelling() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Failing extends FailureContract {
    Failing() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Closing extends CloseContract {
    Closing() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Shielding extends ShieldContract {
    Shielding() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Scoping extends ScopeContract {
    Scoping() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Blocking extends BlockingContract {
    Blocking() {
      super(CARRIER, LOOPS);
    }
  }

  @Nested
  final class Spreading extends LoopsContract {
    Spreading() {
      super(CARRIER, LOOPS);
    }
  }
}
