package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void aValueIsGiven() {
    Outcome<Integer> outcome = Outcome.ofValue(7);
    assertThat(outcome.get()).isEqualTo(7);
    assertThat(outcome.isValue()).isTrue();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome).isEqualTo(Poll.ready(7));
  }

  @Test
  void aFailureIsThrownAsAwaitThrowsIt() {
    IOException cause = new IOException("io");
    Outcome<Integer> outcome = Outcome.ofFailure(cause);
    assertThatThrownBy(outcome::get).isInstanceOf(UncheckedIOException.class).hasCause(cause);
    assertThat(outcome.isValue()).isFalse();
    assertThat(outcome.failure()).isSameAs(cause);
    assertThat(outcome).isEqualTo(Poll.failed(cause));
    assertThatThrownBy(() -> Outcome.ofFailure(null)).isInstanceOf(NullPointerException.class);
  }
}
