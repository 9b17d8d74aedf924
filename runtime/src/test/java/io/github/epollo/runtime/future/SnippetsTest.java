package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
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

  @Test
  void abortable() throws InterruptedException {
    // @start region="abortable"
    Abortable<Void> work = Future.<Void>pending().abortable();
    Thread impatient = Thread.ofVirtual().start(work::abort);
    try {
      work.await();
    } catch (CancellationException aborted) {
      assertThat(work.isAborted()).isTrue();
    }
    // @end
    impatient.join();
  }

  @Test
  void shared() {
    Future<String> slow = Future.ready("settings");
    // @start region="shared"
    Shared<String> settings = slow.shared();
    Shared<String> forSomebodyElse = settings.another();
    assertThat(settings.await()).isEqualTo("settings");
    assertThat(forSomebodyElse.await()).isEqualTo("settings"); // on any thread, now or later
    // @end
  }

  @Test
  void futureSet() {
    List<Integer> found = new ArrayList<>();
    // @start region="futureSet"
    try (FutureSet<Integer> inFlight = new FutureSet<>()) {
      inFlight.add(Future.ready(1));
      inFlight.add(Future.ready(2));
      for (Outcome<Integer> next = inFlight.next(); next != null; next = inFlight.next()) {
        found.add(next.get());
        if (found.size() == 1) {
          inFlight.add(Future.ready(3)); // at any time
        }
      }
    } // an exception on the way closes what is left
    // @end
    assertThat(found).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void futureQueue() {
    List<String> pages = new ArrayList<>();
    // @start region="futureQueue"
    try (FutureQueue<String> inFlight = new FutureQueue<>()) {
      for (int page = 1; page <= 10; page++) {
        if (inFlight.size() == 3) { // three at a time, in order
          pages.add(inFlight.next().get());
        }
        inFlight.add(fetch(page));
      }
      while (!inFlight.isEmpty()) {
        pages.add(inFlight.next().get());
      }
    }
    // @end
    assertThat(pages).startsWith("page 1", "page 2").hasSize(10);
  }

  private static Future<String> fetch(int page) {
    return Future.lazy(() -> Future.ready("page " + page));
  }

  @Test
  void futureMap() {
    // @start region="futureMap"
    try (FutureMap<String, Integer> lookups = new FutureMap<>()) {
      lookups.put("alpha", Future.pending());
      lookups.put("beta", Future.ready(2));
      lookups.put("alpha", Future.ready(1)); // closes the older one
      for (var next = lookups.next(); next != null; next = lookups.next()) {
        assertThat(next.outcome().get()).isEqualTo(next.key().equals("alpha") ? 1 : 2);
      }
    }
    // @end
  }
}
