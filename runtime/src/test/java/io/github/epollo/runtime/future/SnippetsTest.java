package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.util.List;
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

  @Test
  void join() {
    Future<String> name = Future.ready("Ada");
    Future<Integer> age = Future.ready(36);
    // @start region="join"
    Future<String> line = Future.join(name, age, (n, a) -> n + " is " + a);
    // @end
    assertThat(line.await()).isEqualTo("Ada is 36");
  }

  @Test
  void race() {
    Future<String> here = Future.ready("here");
    Future<String> there = Future.pending();
    // @start region="race"
    String nearest = Future.race(here, there).await(); // the other one is closed
    // @end
    assertThat(nearest).isEqualTo("here");
  }

  @Test
  void select() {
    Future<String> one = Future.ready("one");
    Future<String> two = Future.ready("two");
    // @start region="select"
    Selected<String> first = Future.select(one, two).await();
    String early = first.outcome().get();
    String late = first.rest().getFirst().await(); // was not closed, and goes on from where it was
    // @end
    assertThat(List.of(early, late)).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void recover() {
    Future<Integer> size = Future.failed(new NoSuchFileException("missing"));
    // @start region="recover"
    Future<Integer> orZero = size.recover(NoSuchFileException.class, _ -> 0);
    // @end
    assertThat(orZero.await()).isZero();
  }
}
