package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.SpinLock;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#generate}: reader and generator take turns, with one value between them at most.
 *
 * <p>The reader asks (wanted), the generator hands over and is asked again only by the reader's next poll. All of it happens under the lock; wakers are called after it.
 */
final class GeneratorStream<T> extends AbstractStream<T> {
  private final Generator<T> generator;
  private final SpinLock lock = new SpinLock();
  private @Nullable Task<?> task; // the reader's

  // guarded by the lock
  private boolean wanted;
  private @Nullable T value;
  private @Nullable Poll<@Nullable T> last; // how the generator ended
  private @Nullable Waker reader;
  private @Nullable Waker waitingGenerator;
  private boolean emitting;
  private boolean closed;

  GeneratorStream(Generator<T> generator) {
    this.generator = Objects.requireNonNull(generator, "generator");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Waker resumed;
    lock.lock();
    try {
      T present = value;
      if (present != null) {
        value = null;
        return Poll.ready(present);
      }
      if (last != null) {
        return last;
      }
      wanted = true;
      reader = waker;
      resumed = waitingGenerator;
      waitingGenerator = null;
    } finally {
      lock.unlock();
    }
    if (task == null) {
      task = Tasks.spawn(this::run);
    } else if (resumed != null) {
      resumed.wake();
    }
    return Poll.pending();
  }

  private void run() {
    Poll<@Nullable T> outcome;
    try {
      generator.run(this::emit);
      outcome = end();
    } catch (Throwable t) {
      outcome = Poll.failed(t);
    }
    Waker waiting;
    lock.lock();
    try {
      last = outcome;
      waiting = reader;
      reader = null;
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      waiting.wake();
    }
  }

  private void emit(T given) {
    Handover handover = new Handover(Objects.requireNonNull(given, "no stream can hold null"));
    begin(given);
    try {
      @Nullable Void _ = handover.await();
    } catch (CancellationException e) {
      boolean _ = Awaiter.current().takeCancellation(); // this was the once, so that finally blocks can wait
      throw e;
    } finally {
      lock.lock();
      try {
        emitting = false;
      } finally {
        lock.unlock();
      }
    }
  }

  private void begin(T given) {
    String reason;
    lock.lock();
    try {
      reason = emitting
          ? "another task emits; let it be one at a time, or merge a stream for each"
          : last != null && !closed ? "the generator has returned; let it join those who emit" : null;
      emitting = emitting || reason == null;
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      throw new IllegalStateException("cannot emit " + given + ": " + reason);
    }
  }

  @Override
  protected void release() {
    if (task != null) {
      task.close(); // first: who sees closed has been cancelled
    }
    Waker waiting;
    lock.lock();
    try {
      closed = true;
      value = null;
      reader = null;
      waiting = waitingGenerator;
      waitingGenerator = null;
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      waiting.wake(); // whom a shield keeps from being cancelled, or another task of the generator's
    }
  }

  /** Ready when the reader has taken the value and asks for another one. */
  private final class Handover extends AbstractFuture<@Nullable Void> {
    private final T given;
    private boolean handedOver;

    Handover(T given) {
      this.given = given;
    }

    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      Waker waiting = null;
      lock.lock();
      try {
        if (closed) {
          return Poll.failed(new CancellationException("cannot emit " + given + ": the stream was closed"));
        }
        if (!handedOver && wanted) {
          handedOver = true;
          wanted = false;
          value = given;
          waiting = reader;
          reader = null;
        } else if (handedOver && wanted) {
          return Poll.ready(null);
        }
        waitingGenerator = waker;
      } finally {
        lock.unlock();
      }
      if (waiting != null) {
        waiting.wake();
      }
      return Poll.pending();
    }

    @Override
    public String toString() {
      return "the reader of a generated stream";
    }
  }
}
