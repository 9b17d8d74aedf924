package io.github.epollo.runtime.future.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.FutureSet;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Selected;
import io.github.epollo.runtime.future.Shared;
import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/futures.md, compiled and run; and a check that it is this. */
class FuturesGuideTest {
  private record User(String name) {}

  private record Page(User user, int orders) {}

  private static Future<User> user(int id) {
    return Future.lazy(() -> Future.ready(new User("user " + id)));
  }

  private static Future<Integer> orders(User user) {
    return Future.ready(user.name().length());
  }

  private static Future<Integer> orderCount(int id) {
    return Future.ready(id);
  }

  private static Future<String> ask(String server) {
    return Future.lazy(() -> Future.ready("answer of " + server));
  }

  @Test
  void straightLine() {
    int id = 7;
    Epollo.run(() -> {
      // @start region="straight"
      User user = user(id).await();
      int orders = user.name().isEmpty() ? 0 : orders(user).await();
      // @end
      assertThat(orders).isEqualTo(6);
    });
  }

  @Test
  void value() {
    int id = 7;
    Epollo.run(() -> {
      // @start region="value"
      Future<Integer> orders = user(id).then(user -> orders(user)).recover(NoSuchFileException.class, _ -> 0);
      // @end
      assertThat(orders.await()).isEqualTo(6);
    });
  }

  @Test
  void join() {
    int id = 7;
    Epollo.run(() -> {
      // @start region="join"
      Page page = Future.tryJoin(user(id), orderCount(id), Page::new).await();
      List<String> answers = Future.join(List.of(ask("a"), ask("b"), ask("c"))).await();
      // @end
      assertThat(page).isEqualTo(new Page(new User("user 7"), 7));
      assertThat(answers).containsExactly("answer of a", "answer of b", "answer of c");
    });
  }

  @Test
  void first() {
    Epollo.run(() -> {
      // @start region="first"
      String fastest = Future.anyOk(List.of(ask("a"), ask("b"))).await(); // the other one is closed

      Selected<String> first = Future.select(ask("a"), ask("b")).await();
      String early = first.outcome().get();
      String late = first.rest().getFirst().await(); // goes on from where it was
      // @end
      assertThat(fastest).startsWith("answer of ");
      assertThat(List.of(early, late)).containsExactlyInAnyOrder("answer of a", "answer of b");
    });
  }

  @Test
  void seed() {
    // @start region="seed"
    EpolloOptions sameChoices = EpolloOptions.defaults().withSeed(42);
    int winner = Epollo.run(sameChoices, () -> Future.race(Future.ready(1), Future.ready(2)).await());
    // @end
    assertThat(winner).isEqualTo(Epollo.run(sameChoices, () -> Future.race(Future.ready(1), Future.ready(2)).await()));
  }

  @Test
  void set() {
    List<String> report = new ArrayList<>();
    Iterator<String> servers = List.of("a", "b", "c", "d", "e").iterator();
    Epollo.run(() -> {
      // @start region="set"
      try (FutureSet<String> inFlight = new FutureSet<>()) {
        while (true) {
          while (servers.hasNext() && inFlight.size() < 3) { // how many is up to you
            inFlight.add(ask(servers.next()));
          }
          Outcome<String> next = inFlight.next(); // null: nothing is in flight
          if (next == null) {
            break;
          }
          report.add(switch (next) {
            case Poll.Ready<String>(String answer) -> answer;
            case Poll.Failed<String>(Throwable cause) -> "failed: " + cause;
          });
        }
      } // closes what is left if an exception ends the loop
      // @end
    });
    assertThat(report).hasSize(5);
  }

  @Test
  void shared() {
    Epollo.run(() -> {
      // @start region="shared"
      Shared<String> settings = ask("settings").shared();
      Shared<String> forTheOther = settings.another();
      var other = Tasks.spawn(() -> forTheOther.await().length());
      int length = settings.await().length(); // asked once
      assertThat(other.join()).isEqualTo(length);
      // @end
    });
  }

  @Test
  void bridges() {
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Epollo.run(() -> {
        // @start region="bridges"
        CompletionStage<Integer> theirs = CompletableFuture.supplyAsync(() -> 6);
        Future<Integer> six = Future.fromCompletionStage(theirs);
        Future<Integer> seven = Future.fromExecutor(pool, () -> 7);
        CompletionStage<Integer> ours = Tasks.spawn(Future.join(six, seven, (a, b) -> a * b)).toCompletionStage();
        // @end
        assertThat(Future.fromCompletionStage(ours).await()).isEqualTo(42);
      });
    }
  }

  @Test
  void eachBlockOnThePageIsARegionOfThisClass() throws IOException {
    List<String> regions = GuidePage
        .regions("src/test/java/io/github/epollo/runtime/future/guide/FuturesGuideTest.java");
    assertThat(GuidePage.blocks("../docs/guide/futures.md")).containsExactlyInAnyOrderElementsOf(regions);
  }
}
