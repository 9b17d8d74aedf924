package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Mistakes in a future, each of which a property must find. */
enum Mistake implements UnaryOperator<Future<?>> {
  DOES_NOT_PASS_A_CALL_ON {
    @Override
    public Future<?> apply(Future<?> future) {
      return new Twisted(future) {
        @Override
        public void close() {}
      };
    }
  },
  TAKES_WHEN_IT_IS_CLOSED {
    @Override
    public Future<?> apply(Future<?> future) {
      return new Twisted(future) {
        @Override
        public void close() {
          if (!finished) {
            poll(() -> {});
          }
          super.close();
        }
      };
    }
  },
  KEEPS_THE_FIRST_WAKER {
    @Override
    public Future<?> apply(Future<?> future) {
      return new Twisted(future) {
        private Waker first;

        @Override
        Waker waker(Waker waker) {
          first = first == null ? waker : first;
          return first;
        }
      };
    }
  },
  FORGETS_TO_WAKE {
    @Override
    public Future<?> apply(Future<?> future) {
      return new Twisted(future) {
        @Override
        Waker waker(Waker waker) {
          return () -> {};
        }
      };
    }
  };

  private static class Twisted implements Future<Object> {
    private final Future<Object> future;
    boolean finished;

    @SuppressWarnings("unchecked") // its values are only handed on
    Twisted(Future<?> future) {
      this.future = (Future<Object>) future;
    }

    Waker waker(Waker waker) {
      return waker;
    }

    @Override
    public Poll<Object> poll(Waker waker) {
      Poll<Object> poll = future.poll(waker(waker));
      finished = !(poll instanceof Poll.Pending);
      return poll;
    }

    @Override
    public void close() {
      finished = true;
      future.close();
    }
  }

  /** Whether some run with this mistake fails, of many; those without it must not. */
  boolean isFound(Function<UnaryOperator<Future<?>>, Consumer<List<Integer>>> runs) {
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 200; i++) {
      List<Integer> steps = random.ints(60, 0, 16 * 64).boxed().toList();
      runs.apply(future -> future).accept(steps);
      try {
        runs.apply(this).accept(steps);
      } catch (AssertionError e) {
        found++;
      }
    }
    return found > 0;
  }
}
