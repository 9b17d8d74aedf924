package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelPropertiesTest {
  @Property(tries = 3000)
  void everyKindBehavesAsTheModelWhateverIsPolledAndClosedWhen(@ForAll ChannelRun.Kind kind,
      @ForAll @Size(max = 60) List<@IntRange(max = ChannelRun.CHOICES - 1) Integer> steps) {
    new ChannelRun(kind).run(steps);
  }

  /** Mistakes that the property must find. */
  private enum Mistake implements UnaryOperator<Future<?>> {
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
    }
  }

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

  @ParameterizedTest
  @EnumSource(Mistake.class)
  void thePropertyFindsMistakes(Mistake mistake) {
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 200; i++) {
      List<Integer> steps = random.ints(60, 0, ChannelRun.CHOICES).boxed().toList();
      for (ChannelRun.Kind kind : ChannelRun.Kind.values()) {
        try {
          new ChannelRun(kind, mistake).run(steps);
        } catch (AssertionError e) {
          found++;
        }
        assertThatCode(() -> new ChannelRun(kind).run(steps)).doesNotThrowAnyException();
      }
    }
    assertThat(found).isPositive();
  }

  @Property(tries = 500)
  void theQueueOfValuesIsAQueue(@ForAll @IntRange(min = 1, max = 5) int chunkLength,
      @ForAll @Size(max = 100) List<Boolean> adds) {
    ValueQueue<Integer> queue = new ValueQueue<>(chunkLength);
    Queue<Integer> model = new ArrayDeque<>();
    List<Integer> polled = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < adds.size(); i++) {
      if (adds.get(i)) {
        queue.add(i);
        model.add(i);
      } else {
        polled.add(queue.poll());
        expected.add(model.poll());
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(polled).isEqualTo(expected);
  }
}
