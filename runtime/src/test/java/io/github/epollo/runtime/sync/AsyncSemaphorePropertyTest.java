package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The semaphore against a model of numbers: whatever is done in whatever order, it grants what the model grants, wakes whom it grants, and no permit is lost. */
final class AsyncSemaphorePropertyTest {
  private static final int OPERATIONS = 10;
  private static final int MOST = 5; // permits asked for at once

  @Property(tries = 1000)
  void grantsWhatTheModelGrants(@ForAll @IntRange(min = 0, max = 6) int permits,
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 999) Integer> script) {
    new Run(permits, UnaryOperator.identity()).play(script);
  }

  @Test
  void catchesOneThatLosesWhatWasGrantedWhenItIsClosed() {
    assertThat(anyFails(Losing::new)).isTrue();
  }

  @Test
  void catchesOneThatStaysInTheQueueWhenItIsClosed() {
    assertThat(anyFails(Staying::new)).isTrue();
  }

  private static boolean anyFails(UnaryOperator<Future<Permit>> twin) {
    Random random = new Random(1);
    return Stream.generate(() -> random.ints(60, 0, 1000).boxed().toList()).limit(300).anyMatch(script -> {
      try {
        new Run(3, twin).play(script);
        return false;
      } catch (AssertionError e) {
        return true;
      }
    });
  }

  /** The broken twin: what it was granted, and nobody looked at, is gone with it. */
  private record Losing(Future<Permit> source) implements Future<Permit> {
    @Override
    public Poll<Permit> poll(Waker waker) {
      return source.poll(waker);
    }

    @Override
    public void close() {
      try {
        if (source.poll(() -> {}) instanceof Poll.Pending) {
          source.close();
        }
      } catch (IllegalStateException e) {
        // finished
      }
    }
  }

  /** Another: closing it does nothing. */
  private record Staying(Future<Permit> source) implements Future<Permit> {
    @Override
    public Poll<Permit> poll(Waker waker) {
      return source.poll(waker);
    }

    @Override
    public void close() {}
  }

  private static final class Run {
    private final AsyncSemaphore semaphore;
    private final UnaryOperator<Future<Permit>> wrapper;
    private final List<Permit> held = new ArrayList<>();
    private final List<ByHand<Permit>> pending = new ArrayList<>(); // in the order of arrival
    private final Map<ByHand<Permit>, Integer> wanted = new HashMap<>();
    private final List<ByHand<Permit>> granted = new ArrayList<>();
    private int total;
    private int available;
    private boolean closed;

    Run(int permits, UnaryOperator<Future<Permit>> wrapper) {
      this.semaphore = new AsyncSemaphore(permits);
      this.wrapper = wrapper;
      this.total = permits;
      this.available = permits;
    }

    void play(List<Integer> script) {
      for (int step : script) {
        step(step % OPERATIONS, step / OPERATIONS);
        assertThat(semaphore.available()).isEqualTo(available);
        assertThat(semaphore.total()).isEqualTo(total);
        assertThat(granted).allMatch(ByHand::isWoken, "woken");
        assertThat(closed ? pending : List.<ByHand<Permit>>of()).allMatch(ByHand::isWoken, "woken by the close");
      }
      new ArrayList<>(pending).forEach(this::giveUp);
      held.forEach(Permit::close);
      assertThat(semaphore.available()).isEqualTo(total);
    }

    private void step(int operation, int argument) {
      int count = argument % MOST + 1;
      switch (operation) {
        case 0, 1, 2 -> acquire(count);
        case 3 -> pick(pending, argument, this::poll);
        case 4 -> pick(pending, argument, this::giveUp);
        case 5 -> pick(held, argument, this::release);
        case 6 -> tryAcquire(count);
        case 7 -> add(argument);
        case 8 -> regroup(argument);
        default -> {
          if (argument < 10) {
            closed = true;
            semaphore.close();
          }
        }
      }
    }

    private static <E> void pick(List<E> from, int argument, java.util.function.Consumer<E> action) {
      if (!from.isEmpty()) {
        action.accept(from.get(argument % from.size()));
      }
    }

    private void acquire(int count) {
      ByHand<Permit> hand = new ByHand<>(wrapper.apply(semaphore.acquireAsync(count)));
      wanted.put(hand, count);
      boolean takes = !closed && waiting().isEmpty() && count <= available;
      Poll<Permit> poll = hand.poll();
      if (closed) {
        assertThat(failure(poll)).isInstanceOf(SemaphoreClosedException.class);
      } else if (takes) {
        available -= count;
        take(poll, count);
      } else {
        assertThat(poll).isInstanceOf(Poll.Pending.class);
        pending.add(hand);
      }
    }

    private void poll(ByHand<Permit> hand) {
      Poll<Permit> poll = hand.poll();
      if (granted.remove(hand)) {
        pending.remove(hand);
        take(poll, wanted.get(hand));
      } else if (closed) {
        pending.remove(hand);
        assertThat(failure(poll)).isInstanceOf(SemaphoreClosedException.class);
      } else {
        assertThat(poll).isInstanceOf(Poll.Pending.class);
      }
    }

    private void take(Poll<Permit> poll, int count) {
      assertThat(poll).isInstanceOf(Poll.Ready.class);
      if (poll instanceof Poll.Ready<Permit>(Permit permit)) {
        assertThat(permit.count()).isEqualTo(count);
        held.add(permit);
      }
    }

    private static Throwable failure(Poll<Permit> poll) {
      if (poll instanceof Poll.Failed<Permit>(Throwable cause)) {
        return cause;
      }
      throw new AssertionError("not failed: " + poll);
    }

    private void giveUp(ByHand<Permit> hand) {
      pending.remove(hand);
      if (granted.remove(hand)) {
        available += wanted.get(hand);
      }
      hand.close();
      grant();
    }

    private void release(Permit permit) {
      held.remove(permit);
      available += permit.count();
      permit.close();
      permit.close();
      grant();
    }

    private void tryAcquire(int count) {
      if (closed) {
        assertThat(failureOf(() -> semaphore.tryAcquire(count))).isInstanceOf(SemaphoreClosedException.class);
        return;
      }
      Permit permit = semaphore.tryAcquire(count);
      assertThat(permit != null).isEqualTo(waiting().isEmpty() && count <= available);
      if (permit != null) {
        available -= count;
        held.add(permit);
      }
    }

    private static Throwable failureOf(Runnable body) {
      try {
        body.run();
      } catch (RuntimeException e) {
        return e;
      }
      throw new AssertionError("did not throw");
    }

    private void add(int argument) {
      int count = argument % 2 + 1;
      total += count;
      available += count;
      semaphore.addPermits(count);
      grant();
    }

    private void regroup(int argument) {
      if (held.size() < 2) {
        return;
      }
      Permit first = held.get(argument % held.size());
      Permit second = held.get((argument + 1) % held.size());
      switch (argument % 3) {
        case 0 -> {
          int sum = first.count() + second.count();
          first.merge(second);
          assertThat(first.count()).isEqualTo(sum);
          assertThat(second.count()).isZero();
        }
        case 1 -> {
          int before = first.count();
          if (before > 0) {
            held.add(first.split(1));
            assertThat(first.count()).isEqualTo(before - 1);
          }
        }
        default -> total -= first.forget();
      }
    }

    private List<ByHand<Permit>> waiting() {
      return pending.stream().filter(hand -> !granted.contains(hand)).toList();
    }

    private void grant() {
      if (closed) {
        return;
      }
      for (ByHand<Permit> hand : waiting()) {
        if (wanted.get(hand) > available) {
          return;
        }
        available -= wanted.get(hand);
        granted.add(hand);
      }
    }
  }
}
