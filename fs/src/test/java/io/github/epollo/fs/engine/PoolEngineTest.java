package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PoolEngineTest {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults()
      .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL).withThreads(1));

  /** A call that waits for a latch and then answers a number, and counts what becomes of it. */
  private static final class Waiting extends FileCall {
    final CountDownLatch latch = new CountDownLatch(1);
    final AtomicBoolean called = new AtomicBoolean();
    final AtomicLong discarded = new AtomicLong(-1);
    final CountDownLatch released = new CountDownLatch(1);
    final AtomicInteger releases = new AtomicInteger();

    Waiting(FileEngine engine) {
      super(engine, LinuxKernel.get().files());
    }

    @Override
    protected long call(FileKernel kernel) {
      called.set(true);
      try {
        latch.await();
      } catch (InterruptedException e) {
        return -4;
      }
      return 42;
    }

    @Override
    protected void discard(FileKernel kernel, long result) {
      discarded.set(result);
    }

    @Override
    protected void release() {
      releases.incrementAndGet();
      released.countDown();
    }

    long await() {
      Future<Long> done = Future.fromPoll(waker -> poll(waker) ? Poll.ready(result()) : Poll.pending());
      long result = done.await();
      end();
      return result;
    }
  }

  @Test
  void aCallIsMadeByAThreadAndItsResultComesBack() {
    Epollo.run(OPTIONS, () -> {
      Waiting call = new Waiting(FileContext.current().engine());
      call.latch.countDown();

      assertThat(call.await()).isEqualTo(42);

      assertThat(call.releases).hasValue(1);
      assertThat(call.discarded).hasValue(-1);
    });
  }

  @Test
  void whatNobodyWaitsForIsDiscardedAndReleasedOnceItIsDone() {
    Epollo.run(OPTIONS, () -> {
      Waiting call = new Waiting(FileContext.current().engine());
      assertThat(call.poll(() -> {})).isFalse();
      while (!call.called.get()) {
        Thread.onSpinWait();
      }
      call.abandon();
      assertThat(call.releases).hasValue(0);

      call.latch.countDown();
      call.released.await();

      assertThat(call.discarded).hasValue(42);
      assertThat(call.releases).hasValue(1);
    });
  }

  @Test
  void aCallThatIsAbandonedBeforeItHasAThreadIsNeverMade() {
    Epollo.run(OPTIONS, () -> {
      FileEngine engine = FileContext.current().engine();
      Waiting first = new Waiting(engine);
      Waiting second = new Waiting(engine);
      assertThat(first.poll(() -> {})).isFalse();
      assertThat(second.poll(() -> {})).isFalse();
      second.abandon();
      first.latch.countDown();

      second.released.await();

      assertThat(second.called).isFalse();
      assertThat(second.discarded).hasValue(-1);
      first.abandon();
      first.released.await();
    });
  }

  @Test
  void aCallThatWasNeverPolledIsReleasedAtOnce() {
    Epollo.run(OPTIONS, () -> {
      Waiting call = new Waiting(FileContext.current().engine());
      call.abandon();
      call.abandon();

      assertThat(call.releases).hasValue(1);
      assertThat(call.called).isFalse();
    });
  }
}
