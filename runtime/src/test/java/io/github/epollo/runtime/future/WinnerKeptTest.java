package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The value of a race is not lost because a loser breaks its contract and throws when it is closed. */
class WinnerKeptTest {
  @Test
  void aLoserThatThrowsFromClose_isReported_andTheWinnersValueStands() throws InterruptedException {
    IllegalStateException broken = new IllegalStateException("a bad close");
    Future<String> loser = new Future<>() {
      @Override
      public Poll<String> poll(Waker waker) {
        return Poll.pending();
      }

      @Override
      public void close() {
        throw broken;
      }
    };
    List<String> values = new ArrayList<>();
    List<Throwable> reported = new ArrayList<>();
    Thread thread = Thread.ofPlatform().uncaughtExceptionHandler((_, thrown) -> reported.add(thrown))
        .start(() -> values.add(Future.raceInOrder(loser, Future.ready("won")).await()));
    thread.join();
    assertThat(values).containsExactly("won");
    assertThat(reported).containsExactly(broken);
  }
}
