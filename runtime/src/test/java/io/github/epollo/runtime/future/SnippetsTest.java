package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples in the documentation of this package. */
class SnippetsTest {
  @Test
  void outcome() {
    Outcome<Integer> outcome = Outcome.ofValue(42);
    // @start region="outcome"
    String text = switch (outcome) {
      case Poll.Ready<Integer>(Integer value) -> "it is " + value;
      case Poll.Failed<Integer>(Throwable cause) -> "it failed: " + cause;
    };
    // @end
    assertThat(text).isEqualTo("it is 42");
  }
}
