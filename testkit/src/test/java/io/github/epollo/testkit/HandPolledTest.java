package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.runtime.sync.SendResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class HandPolledTest {
  private final Channel<String> channel = Channel.bounded(1);

  @Test
  void tellsWhetherItWasWoken_sinceTheLastPoll() {
    try (HandPolled<String> receive = HandPolled.of(channel.receiveAsync())) {
      assertThat(receive.poll()).isEqualTo(Poll.pending());
      assertThat(receive.isWoken()).isFalse();
      assertThat(channel.trySend("a")).isEqualTo(SendResult.SENT);
      assertThat(receive.isWoken()).isTrue();
      assertThat(receive.wakes()).isEqualTo(1);
      assertThat(receive.isFinished()).isFalse();
      assertThat(receive.value()).isEqualTo("a");
      assertThat(receive.isFinished()).isTrue();
      assertThat(receive.isWoken()).isFalse();
      assertThatIllegalStateException().isThrownBy(receive::poll);
    }
  }

  @Test
  void aValueMustBeThere_andAFailureIsThrown() {
    try (HandPolled<String> receive = HandPolled.of(channel.receiveAsync())) {
      assertThatExceptionOfType(AssertionError.class).isThrownBy(receive::value)
          .withMessageContaining("a value of a channel");
    }
    HandPolled<String> failed = HandPolled.of(Future.failed(new IOException("broken")));
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(failed::value);
    assertThat(failed.isFinished()).isTrue();
  }

  @Test
  void closing_closesTheFuture() {
    HandPolled<String> receive = HandPolled.of(channel.receiveAsync());
    assertThat(receive.poll()).isEqualTo(Poll.pending());
    receive.close();
    assertThat(channel.trySend("a")).isEqualTo(SendResult.SENT);
    assertThat(receive.isWoken()).isFalse();
    assertThat(channel.tryReceive()).isEqualTo("a");
  }
}
