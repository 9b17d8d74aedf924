package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of this package and of {@code runtime.future}. */
class SnippetsTest {
  @Test
  void run() {
    // @start region="run"
    int answer = Epollo.run(() -> {
      Task<Integer> six = Tasks.spawn(() -> 6);
      Task<Integer> seven = Tasks.spawn(() -> 7);
      return six.join() * seven.join();
    });
    // @end
    assertThat(answer).isEqualTo(42);
  }

  @Test
  void start() {
    // @start region="start"
    try (Epollo epollo = Epollo.start()) {
      Task<String> task = epollo.spawn("greeter", () -> "hello");
      String greeting = task.join(); // from a plain thread, or from a task of another runtime
      assertThat(greeting).isEqualTo("hello");
    }
    // @end
  }

  @Test
  void builder() {
    // @start region="builder"
    try (Epollo epollo = Epollo.builder().options(o -> o.withName("server")).start()) {
      for (Loop loop : epollo.loops()) {
        epollo.spawnOn(loop, "greeter of " + loop, () -> "hello").join();
      }
    }
    // @end
    Epollo.builder().loops(2).run(() -> assertThat(Epollo.current().loops()).hasSize(2));
  }

  @Test
  void cancel() {
    AtomicBoolean saidGoodbye = new AtomicBoolean();
    Epollo.run(() -> {
      // @start region="cancel"
      Task<?> task = Tasks.spawn(() -> {
        try {
          Future.pending().await();
        } finally {
          Tasks.yieldNow(); // may wait, too
          saidGoodbye.set(true);
        }
      });
      task.cancel().await(); // returns when the finally block has ended
      assertThat(saidGoodbye).isTrue();
      // @end
    });
  }

  @Test
  void shield() {
    List<String> sent = new CopyOnWriteArrayList<>();
    Epollo.run(() -> {
      Task<?> task = Tasks.spawn(() -> {
        // @start region="shield"
        try {
          Future.pending().await();
        } finally {
          Tasks.shield(() -> {
            Tasks.yieldNow(); // waits, whatever happens to the task
            sent.add("good-bye");
          });
        }
        // @end
      });
      task.cancel().await();
    });
    assertThat(sent).containsExactly("good-bye");
  }

  @Test
  void combine() {
    Epollo.run(() -> {
      // @start region="combine"
      Future<Integer> six = Future.ready(6);
      Future<String> text = six.map(n -> n * 7).handle((n, failure) -> failure == null ? "it is " + n : "unknown");
      assertThat(text.await()).isEqualTo("it is 42");
      // @end
    });
  }

  @Test
  void bridges() {
    Epollo.run(() -> {
      // @start region="bridges"
      CompletionStage<Integer> theirs = CompletableFuture.supplyAsync(() -> 42);
      int answer = Future.fromCompletionStage(theirs).await();

      CompletionStage<Integer> ours = Tasks.spawn(() -> answer).toCompletionStage();
      // @end
      assertThat(ours.toCompletableFuture().get()).isEqualTo(42);
    });
  }

  @Test
  void dumpSignal() {
    // @start region="dump-signal"
    try (DumpSignal _ = DumpSignal.handle("USR1")) {
      Epollo.run(() -> {
        // the program
      });
    }
    // @end
  }
}
