package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A part of what a runtime promises whatever carries its tasks: the options and helpers that the parts share. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class EpolloContract {
  final CarrierChoice carrier;
  final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  final EpolloOptions options;

  EpolloContract(CarrierChoice carrier, int loops) {
    this.carrier = carrier;
    this.options = EpolloOptions.defaults().withCarrier(carrier).withLoops(loops)
        .withUncaughtHandler((_, t) -> uncaught.add(t));
  }

  final Epollo start() {
    return Epollo.start(options);
  }

  static <T> T await(CompletableFuture<T> stage) {
    return Future.fromCompletionStage(stage).await();
  }

  /** A thread that fails the test if it fails. */
  static Thread thread(AtomicReference<Throwable> failure, Body body) {
    return Thread.ofPlatform().name("test-helper").start(() -> {
      try {
        body.run();
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    });
  }

  static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A future whose every step the test can see. */
  static class Probe<T> implements Future<T> {
    final AtomicInteger polls = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final Function<Waker, Poll<T>> poll;
    RuntimeException thrownByClose;

    Probe() {
      this(_ -> Poll.pending());
    }

    Probe(Function<Waker, Poll<T>> poll) {
      this.poll = poll;
    }

    @Override
    public Poll<T> poll(Waker waker) {
      polls.incrementAndGet();
      return poll.apply(waker);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      if (thrownByClose != null) {
        throw thrownByClose;
      }
    }
  }

  /** Holds the thread of a loop. */
  static final class Hog implements AutoCloseable {
    private final Epollo epollo;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    Hog(Epollo epollo) {
      this.epollo = epollo;
    }

    void begin() {
      epollo.loop().execute(() -> {
        assertThat(Awaiter.bound()).isNotNull();
        begun.countDown();
        awaitUninterrupted(end);
      });
      try {
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void end() {
      end.countDown();
    }

    @Override
    public void close() {
      end();
    }
  }
}
