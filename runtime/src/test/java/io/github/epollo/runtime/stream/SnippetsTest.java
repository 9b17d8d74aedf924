package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of this package and on docs/guide/streams.md. */
class SnippetsTest {
  private static String fetch(int page) {
    return "page " + page;
  }

  private static List<String> fetchPage(int page) {
    return page > 3 ? List.of() : List.of("a" + page, "b" + page);
  }

  @Test
  void overview() {
    Epollo.run(() -> {
      // @start region="overview"
      List<String> firstPages = AsyncStream.iterate(1, n -> n + 1)
          .filter(n -> n % 2 == 1)
          .buffered(4, n -> Tasks.spawn(() -> fetch(n))) // four at once, in order
          .take(3)
          .toList();
      // @end
      assertThat(firstPages).containsExactly("page 1", "page 3", "page 5");
    });
  }

  @Test
  void generate() {
    Epollo.run(() -> {
      // @start region="generate"
      AsyncStream<String> rows = AsyncStream.generate(sink -> {
        for (int page = 1;; page++) {
          List<String> some = fetchPage(page);
          if (some.isEmpty()) {
            return;
          }
          for (String row : some) {
            sink.emit(row); // goes on when the reader asks for the next one
          }
        }
      });
      // @end
      assertThat(rows.toList()).containsExactly("a1", "b1", "a2", "b2", "a3", "b3");
    });
  }

  @Test
  void buffered() {
    Epollo.run(() -> {
      AsyncStream<Integer> pages = AsyncStream.of(1, 2, 3);
      // @start region="buffered"
      String all = pages.buffered(8, page -> Tasks.spawn(() -> fetch(page))).collect(Collectors.joining(", "));
      // @end
      assertThat(all).isEqualTo("page 1, page 2, page 3");
    });
  }

  @Test
  void loop() {
    Epollo.run(() -> {
      AsyncStream<String> rows = AsyncStream.of("a", "b", "end", "c");
      List<String> seen = new ArrayList<>();
      // @start region="loop"
      try (rows) {
        for (String row : rows) { // waits for each
          if (row.equals("end")) {
            break;
          }
          seen.add(row);
        }
      }
      // @end
      assertThat(seen).containsExactly("a", "b");
    });
  }

  @Test
  void groups() {
    Epollo.run(() -> {
      AsyncStream<String> words = AsyncStream.of("apple", "bean", "avocado", "carrot");
      List<String> seen = new ArrayList<>();
      // @start region="groups"
      words.groupBy(word -> word.charAt(0), 26, 10) // 26 groups, 10 words waiting in each, and no more
          .forEachConcurrent(26, group -> group.forEachAsync(word -> seen.add(group.key() + ": " + word)))
          .await();
      // @end
      assertThat(seen).containsExactlyInAnyOrder("a: apple", "b: bean", "a: avocado", "c: carrot");
    });
  }

  @Test
  void retrying() {
    AsyncStream<Integer> events = Epollo.run(() ->
    // @start region="retrying"
    AsyncStream.retrying(() -> subscribe(), RetryPolicy.backoff(5, Duration.ofMillis(100), Duration.ofSeconds(10)))
    // @end
    );
    assertThat(events.toList()).containsExactly(1, 2);
  }

  private static AsyncStream<Integer> subscribe() {
    return AsyncStream.of(1, 2);
  }

  @Test
  void publishers() {
    Epollo.run(() -> {
      SubmissionPublisher<Integer> theirs = new SubmissionPublisher<>();
      // @start region="publishers"
      AsyncStream<Integer> ours = AsyncStream.fromPublisher(theirs, 64); // never more than 64 on their way
      Flow.Publisher<Integer> shared = AsyncStream.publisher(() -> AsyncStream.of(1, 2, 3)); // a stream for each subscriber
      // @end
      Task<List<Integer>> reader = Tasks.spawn(() -> ours.toList());
      while (theirs.getNumberOfSubscribers() == 0) {
        Tasks.yieldNow();
      }
      theirs.submit(7);
      theirs.close();
      assertThat(reader.join()).containsExactly(7);
      assertThat(AsyncStream.fromPublisher(shared, 2).toList()).isEqualTo(IntStream.rangeClosed(1, 3).boxed().toList());
    });
  }
}
