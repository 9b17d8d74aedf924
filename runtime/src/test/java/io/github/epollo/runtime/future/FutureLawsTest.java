package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FutureLawsTest {
  /** A future of so many pendings and then an outcome, which counts what is done to it. */
  private static final class Source extends AbstractFuture<Integer> {
    private int pendings;
    private final Poll<Integer> outcome;
    int polls;
    int released;

    Source(int pendings, Poll<Integer> outcome) {
      this.pendings = pendings;
      this.outcome = outcome;
    }

    @Override
    protected Poll<Integer> advance(Waker waker) {
      polls++;
      if (pendings-- > 0) {
        waker.wake();
        return Poll.pending();
      }
      return outcome;
    }

    @Override
    protected void release() {
      released++;
    }
  }

  private static final class Step extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Step(int number) {
      super("step " + number);
    }
  }

  private static Poll<Integer> drive(Future<Integer> future, int limit) {
    for (int i = 0; i < limit; i++) {
      if (!(future.poll(() -> {}) instanceof Poll.Pending<Integer>)) {
        throw new AssertionError("finished too early");
      }
    }
    return future.poll(() -> {});
  }

  private static String text(Poll<Integer> poll) {
    return switch (poll) {
      case Poll.Ready<Integer>(Integer value) -> "value " + value;
      case Poll.Failed<Integer>(Throwable cause) -> "failure " + cause.getMessage();
      case Poll.Pending<Integer> _ -> "pending";
    };
  }

  /** A chain of random map, then and handle stages, some of which throw, against plain Java. */
  @Property(tries = 500)
  void chainsBehaveAsPlainJava(@ForAll @IntRange(max = 5) int pendings, @ForAll boolean fails,
      @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> stages, @ForAll @IntRange(max = 12) int closeAfter) {
    List<Source> sources = new ArrayList<>();
    Source first = new Source(pendings, fails ? Poll.failed(new Step(-1)) : Poll.ready(1));
    sources.add(first);
    Future<Integer> chain = first;
    Integer value = fails ? null : 1;
    String failure = fails ? "step -1" : null;
    int expectedPendings = pendings;
    int number = 0;
    for (int stage : stages) {
      int n = number++;
      switch (stage) {
        case 0, 1 -> {
          chain = chain.map(v -> v + n);
          value = value == null ? null : (Integer) (value + n);
        }
        case 2 -> {
          chain = chain.map(_ -> {
            throw new Step(n);
          });
          failure = value == null ? failure : "step " + n;
          value = null;
        }
        case 3, 4 -> {
          int more = n % 3;
          chain = chain.then(v -> {
            Source second = new Source(more, stage == 3 ? Poll.ready(v * 2) : Poll.failed(new Step(n)));
            sources.add(second);
            return second;
          });
          if (value != null) {
            expectedPendings += more;
            failure = stage == 3 ? null : "step " + n;
            value = stage == 3 ? (Integer) (value * 2) : null;
          }
        }
        case 5 -> {
          chain = chain.then(_ -> null);
          failure = value == null ? failure : "the function given to then() returned null instead of a future";
          value = null;
        }
        default -> {
          chain = chain.handle((v, t) -> t == null ? v : t.getMessage().length());
          value = value == null ? (Integer) failure.length() : value;
          failure = null;
        }
      }
    }
    if (closeAfter < expectedPendings) {
      for (int i = 0; i < closeAfter; i++) {
        assertThat(text(chain.poll(() -> {}))).isEqualTo("pending");
      }
      chain.close();
      chain.close();
    } else {
      assertThat(text(drive(chain, expectedPendings)))
          .isEqualTo(value != null ? "value " + value : "failure " + failure);
    }
    assertThat(sources).allSatisfy(source -> assertThat(source.released).isEqualTo(1));
    Future<Integer> over = chain;
    int polls = sources.stream().mapToInt(s -> s.polls).sum();
    assertThatThrownBy(() -> over.poll(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot poll").hasMessageMatching(".*it is (closed|finished).*");
    assertThat(sources.stream().mapToInt(s -> s.polls).sum()).isEqualTo(polls);
  }

  @Property(tries = 100)
  void awaitDrivesAFutureToItsEnd(@ForAll @IntRange(max = 20) int pendings) {
    Source source = new Source(pendings, Poll.ready(7));
    assertThat(source.await()).isEqualTo(7);
    assertThat(source.polls).isEqualTo(pendings + 1);
    assertThat(source.released).isEqualTo(1);
  }

  @Test
  void awaitMapsFailures() {
    RuntimeException unchecked = new IllegalArgumentException();
    Error error = new AssertionError();
    IOException io = new IOException("io");
    UncheckedIOException wrapped = new UncheckedIOException(io);
    Exception checked = new Exception("checked");
    assertThatThrownBy(() -> Future.failed(unchecked).await()).isSameAs(unchecked);
    assertThatThrownBy(() -> Future.failed(error).await()).isSameAs(error);
    assertThatThrownBy(() -> Future.failed(wrapped).await()).isSameAs(wrapped);
    assertThatThrownBy(() -> Future.failed(io).await()).isInstanceOf(UncheckedIOException.class).hasCause(io);
    assertThatThrownBy(() -> Future.failed(checked).await()).isInstanceOf(CompletionException.class).hasCause(checked);
    assertThatThrownBy(() -> Future.failed(null)).isInstanceOf(NullPointerException.class);
    assertThat(CancellationException.class.isAssignableFrom(DeadlineExceededException.class)).isFalse();
    assertThat(DeadlineExceededException.class.isAssignableFrom(CancellationException.class)).isFalse();
  }

  @Test
  void anAwaitThatIsInterruptedClosesTheFuture() {
    Source source = new Source(Integer.MAX_VALUE, Poll.ready(0));
    Thread.currentThread().interrupt();
    assertThatThrownBy(source::await).isInstanceOf(CancellationException.class);
    assertThat(source.released).isEqualTo(1);
  }

  @Test
  void aStageIsWatchedFromTheFirstPollOnAndCancelledByClose() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Future<String> future = Future.fromCompletionStage(stage);
    assertThat(stage.getNumberOfDependents()).isZero();
    List<String> woken = new ArrayList<>();
    assertThat(future.poll(() -> woken.add("old"))).isInstanceOf(Poll.Pending.class);
    assertThat(future.poll(() -> woken.add("new"))).isInstanceOf(Poll.Pending.class);
    stage.complete("value");
    assertThat(woken).containsExactly("new");
    assertThat(future.poll(() -> {})).isEqualTo(Poll.ready("value"));

    CompletableFuture<String> closed = new CompletableFuture<>();
    Future.fromCompletionStage(closed).close();
    assertThat(closed).isCancelled();
    Future<String> minimal = Future.fromCompletionStage(new CompletableFuture<String>().minimalCompletionStage());
    assertThat(minimal.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    minimal.close();
  }

  @Test
  void completionAndFirstPollRace() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      CompletableFuture<Integer> stage = new CompletableFuture<>();
      int value = i;
      Thread completer = i % 100 == 0 ? Thread.ofPlatform().start(() -> stage.complete(value)) : null;
      if (completer == null) {
        stage.completeAsync(() -> value);
      }
      assertThat(Future.fromCompletionStage(stage).await()).isEqualTo(value);
      if (completer != null) {
        completer.join();
      }
    }
  }

  /** Hostile: the future closes itself while it is polled, and stores something afterwards. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closedWithinItsPollItReleasesOnceAndAfterwards(boolean ready) {
    List<String> steps = new ArrayList<>();
    Future<Integer> future = new AbstractFuture<>() {
      @Override
      protected Poll<Integer> advance(Waker waker) {
        close();
        steps.add("stored");
        return ready ? Poll.ready(1) : Poll.pending();
      }

      @Override
      protected void release() {
        steps.add("released");
      }
    };
    assertThat(future.poll(() -> {}) instanceof Poll.Ready).isEqualTo(ready);
    future.close();
    assertThat(steps).containsExactly("stored", "released");
    assertThatThrownBy(() -> future.poll(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
