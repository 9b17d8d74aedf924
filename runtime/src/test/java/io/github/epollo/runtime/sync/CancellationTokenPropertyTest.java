package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Trees of tokens against a model that asks every ancestor: all who wait are woken, and a tree on which nobody waits knows no child. */
final class CancellationTokenPropertyTest {
  private static final int OPERATIONS = 6;

  @Property(tries = 1000)
  void wakesAllBelowAndKeepsNobody(@ForAll @Size(max = 100) List<@IntRange(min = 0, max = 5999) Integer> script) {
    new Run(false).play(script);
  }

  @Test
  void catchesATreeWhoseFuturesAreNotClosed() {
    Random random = new Random(1);
    assertThat(Stream.generate(() -> random.ints(60, 0, 6000).boxed().toList()).limit(100).anyMatch(script -> {
      try {
        new Run(true).play(script);
        return false;
      } catch (AssertionError e) {
        return true;
      }
    })).isTrue();
  }

  private static final class Run {
    private final boolean forgetsToClose;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Node(CancellationToken token, @Nullable Node parent, AtomicBoolean cancelled) {
      boolean isCancelled() {
        for (Node node = this; node != null; node = node.parent) {
          if (node.cancelled.get()) {
            return true;
          }
        }
        return false;
      }
    }

    private record Waiting(Node node, ByHand<@Nullable Void> hand) {}

    Run(boolean forgetsToClose) {
      this.forgetsToClose = forgetsToClose;
      nodes.add(new Node(new CancellationToken(), null, new AtomicBoolean()));
    }

    void play(List<Integer> script) {
      for (int step : script) {
        int argument = step / OPERATIONS;
        Node node = nodes.get(argument % nodes.size());
        switch (step % OPERATIONS) {
          case 0 -> nodes.add(new Node(node.token.child(), node, new AtomicBoolean()));
          case 1, 2 -> await(node);
          case 3 -> {
            if (argument % 3 == 0) {
              assertThat(node.token.cancel()).isEqualTo(!node.isCancelled());
              node.cancelled.set(true);
            }
          }
          case 4 -> {
            if (!waiting.isEmpty()) {
              poll(waiting.get(argument % waiting.size()));
            }
          }
          default -> {
            if (!waiting.isEmpty()) {
              close(waiting.remove(argument % waiting.size()));
            }
          }
        }
        assertThat(nodes).allMatch(n -> n.token.isCancelled() == n.isCancelled(), "cancelled as the model");
        assertThat(waiting).allMatch(w -> w.hand.isWoken() == w.node.isCancelled(), "woken if cancelled, and else not");
      }
      waiting.forEach(this::close);
      assertThat(nodes).allMatch(n -> n.token.linkedChildren() == 0, "knows no child");
    }

    private void await(Node node) {
      ByHand<@Nullable Void> hand = new ByHand<>(node.token.cancelledAsync());
      if (node.isCancelled()) {
        assertThat(hand.poll()).isInstanceOf(Poll.Ready.class);
      } else {
        assertThat(hand.poll()).isInstanceOf(Poll.Pending.class);
        waiting.add(new Waiting(node, hand));
      }
    }

    private void poll(Waiting one) {
      assertThat(one.hand.isReady()).isEqualTo(one.node.isCancelled());
      if (one.node.isCancelled()) {
        waiting.remove(one);
      }
    }

    private void close(Waiting one) {
      if (!forgetsToClose) {
        one.hand.close();
      }
    }
  }
}
