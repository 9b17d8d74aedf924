package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testsupport.GuidePage;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on docs/guide/scopes.md is the code of this class, which is compiled and run. */
class ScopeGuideTest {
  private static final ScopedValue<String> USER = ScopedValue.newInstance();
  private static final InetSocketAddress ADDRESS = new InetSocketAddress(
      InetAddress.ofLiteral(Simulation.MAIN_HOST), 80);

  record Page(String user, int orders) {}

  private static String findUser() {
    Timers.sleep(Duration.ofMillis(3));
    return "ada";
  }

  private static int countOrders() {
    Timers.sleep(Duration.ofMillis(5));
    return 3;
  }

  // @start region="all"
  static Page load() {
    try (var scope = TaskScope.open()) {
      Task<String> user = scope.spawn(() -> findUser());
      Task<Integer> orders = scope.spawn(() -> countOrders());
      scope.join();
      return new Page(user.join(), orders.join());
    }
  }
  // @end

  @Test
  void all() {
    Simulation.ofSeed(1).run(world -> {
      long before = world.time().now();
      assertThat(load()).isEqualTo(new Page("ada", 3));
      assertThat(world.time().now() - before).isBetween(5_000_000L, 5_100_000L);
    });
  }

  private static String ask(String mirror) throws IOException {
    if (mirror.equals("broken")) {
      throw new IOException(mirror);
    }
    Timers.sleep(Duration.ofSeconds(mirror.length()));
    return mirror + " answers";
  }

  // @start region="first"
  static String askAny(List<String> mirrors) {
    try (var scope = TaskScope.open(ScopePolicy.<String>firstSuccess(), o -> o.withTimeout(Duration.ofSeconds(5)))) {
      for (String mirror : mirrors) {
        scope.spawn(() -> ask(mirror));
      }
      return scope.join();
    }
  }
  // @end

  @Test
  void first() {
    Simulation.ofSeed(1).run(_ -> {
      assertThat(askAny(List.of("broken", "slow", "me"))).isEqualTo("me answers");
      assertThatThrownBy(() -> askAny(List.of("very slow"))).isInstanceOf(DeadlineExceededException.class);
    });
  }

  // @start region="collect"
  static List<Outcome<String>> askAll(List<String> mirrors) {
    try (var scope = TaskScope.open(ScopePolicy.<String>collectAll())) {
      for (String mirror : mirrors) {
        scope.spawn(() -> ask(mirror));
      }
      return scope.join();
    }
  }
  // @end

  @Test
  void collect() {
    Simulation.ofSeed(1).run(_ -> {
      List<Outcome<String>> outcomes = askAll(List.of("slow", "broken"));
      assertThat(outcomes.get(0).get()).isEqualTo("slow answers");
      assertThat(outcomes.get(1).failure()).isInstanceOf(IOException.class);
    });
  }

  @Test
  void goodbye() {
    List<String> sent = new ArrayList<>();
    Simulation.ofSeed(1).run(_ -> {
      try (var scope = TaskScope.open()) {
        // @start region="goodbye"
        scope.spawn(() -> {
          try {
            Future.pending().await();
          } finally {
            Tasks.shield(() -> Timers.withTimeout(Duration.ofSeconds(1), () -> {
              Timers.sleep(Duration.ofMillis(10)); // may wait, and the scope waits for it
              sent.add("good-bye");
            }));
          }
        });
        // @end
        Tasks.yieldNow();
      }
      assertThat(sent).containsExactly("good-bye");
    });
  }

  @Test
  void background() {
    List<String> progress = new ArrayList<>();
    Simulation.ofSeed(1).run(_ -> {
      // @start region="background"
      try (var scope = TaskScope.open()) {
        scope.spawnBackground(() -> {
          while (true) {
            Timers.sleep(Duration.ofSeconds(1));
            progress.add("still at it");
          }
        });
        scope.spawn(() -> Timers.sleep(Duration.ofMillis(2_500)));
        scope.join(); // does not wait for the background task; leaving the block ends it
      }
      // @end
      assertThat(progress).hasSize(2);
    });
  }

  @Test
  void carrying() throws Exception {
    Simulation.ofSeed(1).run(_ -> {
      // @start region="carrying"
      String seen = ScopedValue.where(USER, "ada").call(() -> {
        try (var scope = TaskScope.open(ScopePolicy.<String>allSucceed(), o -> o.carrying(USER))) {
          scope.spawn(() -> USER.get());
          return scope.join().getFirst();
        }
      });
      // @end
      assertThat(seen).isEqualTo("ada");
    });
  }

  @Test
  void blocking(@TempDir Path directory) throws IOException {
    Path path = Files.writeString(directory.resolve("greeting"), "hello");
    Simulation.ofSeed(1).run(_ -> {
      // @start region="blocking"
      String text = Tasks.blocking(() -> Files.readString(path));
      // @end
      assertThat(text).isEqualTo("hello");
    });
  }

  private static void answer(TcpStream stream) throws IOException {
    try (stream) {
      stream.writeFully(ByteBuffer.wrap(new byte[]{42}));
    }
  }

  // @start region="shutdown"
  static int serve(TcpListener listener) {
    return GracefulShutdown.run(Duration.ofSeconds(10), shutdown -> {
      shutdown.closeFirst(listener); // nobody new; the loop below ends
      int served = 0;
      try (var requests = TaskScope.open(ScopePolicy.supervise())) {
        for (TcpStream stream : listener.incoming()) {
          served++;
          requests.spawn(() -> answer(stream));
        }
        requests.join(); // those under way come to their end, or are cancelled after ten seconds
      }
      return served;
    });
  }
  // @end

  @Test
  void shutdown() {
    Simulation.ofSeed(1).run(_ -> {
      TcpListener listener = TcpListener.bind(ADDRESS);
      Task<Integer> server = Tasks.spawn(() -> serve(listener));
      try (TcpStream stream = TcpStream.connect(ADDRESS)) {
        ByteBuffer answer = ByteBuffer.allocate(1);
        stream.readFully(answer);
        assertThat(answer.get(0)).isEqualTo((byte) 42);
      }
      listener.close();
      assertThat(server.join()).isEqualTo(1);
    });
  }

  @Test
  void eachBlockOfTheGuideIsARegionOfThisClassAndEachRegionIsABlock() throws IOException {
    List<String> regions = GuidePage.regions("src/test/java/io/github/epollo/runtime/ScopeGuideTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/scopes.md");

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(blocks).containsExactlyInAnyOrderElementsOf(regions);
  }
}
