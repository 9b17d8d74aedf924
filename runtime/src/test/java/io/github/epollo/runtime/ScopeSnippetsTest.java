package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of scopes. */
class ScopeSnippetsTest {
  record Page(String user, int orders) {}

  private static String findUser() {
    return "ada";
  }

  private static int countOrders() {
    return 3;
  }

  // @start region="scope"
  static Page load() {
    try (var scope = TaskScope.open()) {
      Task<String> user = scope.spawn(() -> findUser());
      Task<Integer> orders = scope.spawn(() -> countOrders());
      scope.join(); // throws if one of them fails, when the other one has ended, too
      return new Page(user.join(), orders.join());
    }
  }
  // @end

  @Test
  void scope() {
    Page page = Epollo.run(() -> load());
    assertThat(page).isEqualTo(new Page("ada", 3));
  }

  // @start region="policy"
  /** So many children must succeed; then the others are cancelled. */
  static final class Quorum<T> implements ScopePolicy<T, List<T>> {
    private final int needed;
    private final List<T> results = new ArrayList<>();

    Quorum(int needed) {
      this.needed = needed;
    }

    @Override
    public boolean onEnd(Task<? extends T> child, Outcome<? extends T> outcome) {
      if (outcome instanceof Poll.Ready<? extends T>(T result)) {
        results.add(result);
      }
      return results.size() == needed;
    }

    @Override
    public List<T> result() throws IOException {
      if (results.size() < needed) {
        throw new IOException("only " + results.size() + " of " + needed + " have answered");
      }
      return results;
    }
  }
  // @end

  @Test
  void policy() {
    List<Integer> answers = Epollo.run(() -> {
      try (var scope = TaskScope.open(new Quorum<Integer>(2))) {
        for (int i = 0; i < 3; i++) {
          int number = i;
          scope.spawn(() -> number);
        }
        return scope.join();
      }
    });
    assertThat(answers).hasSizeBetween(2, 3);
  }
}
