package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits: who has some may go on, who finds too few waits.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="semaphore"}
 *
 * <p>It is fair: whoever comes first is served first, and nobody overtakes. A request for many waits until so many are there, and those behind it wait, too: no number of
 * small requests starves a large one. A request for more than there are in all waits, too, until {@link #addPermits} or {@link #close}; what it says of itself in a dump of the
 * tasks tells both numbers.
 *
 * <p>Tasks may use {@link java.util.concurrent.Semaphore} as well: that parks the task. This one can be raced against other futures, used by futures that have no stack, and
 * closed. It has a name of its own because code that imports the wrong one of two {@code Semaphore}s compiles.
 *
 * <p><b>Threading:</b> any task, loop or plain thread. What was done before a permit was given back has happened before it is acquired again.
 */
public final class AsyncSemaphore implements AutoCloseable {
  private final SpinLock lock = new SpinLock(); // guards everything here, in the permits and in those who wait
  private final WaitQueue waiting = new WaitQueue();
  private int total; // available, held and granted to those who have not looked yet
  private int available;
  private boolean closed;

  /**
   * Creates one with {@code permits} available.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   */
  public AsyncSemaphore(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("a semaphore cannot have " + permits + " permits: start with 0 and add some");
    }
    this.total = permits;
    this.available = permits;
  }

  /** Waits for one permit; see {@link #acquire(int)}. */
  public Permit acquire() {
    return acquire(1);
  }

  /**
   * Waits for {@code permits} permits, and takes them all at once.
   *
   * <p><b>Cancellation:</b> nothing is taken, and those behind move up.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1
   * @throws SemaphoreClosedException if the semaphore is closed, or is before the permits are there
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public Permit acquire(int permits) {
    return acquireAsync(permits).await();
  }

  /** The future twin of {@link #acquire()}. */
  public Future<Permit> acquireAsync() {
    return acquireAsync(1);
  }

  /**
   * The future twin of {@link #acquire(int)}. It takes its place with the first poll, and the permits are the caller's when a poll answers with them; if it is closed before that, they go to
   * those behind.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1
   */
  public Future<Permit> acquireAsync(int permits) {
    return new Acquire(requirePositive(permits, "acquire"));
  }

  /** Takes one permit if that is possible at once; see {@link #tryAcquire(int)}. */
  public @Nullable Permit tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes {@code permits} permits if they are there and nobody waits; else returns null.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1
   * @throws SemaphoreClosedException if the semaphore is closed
   */
  public @Nullable Permit tryAcquire(int permits) {
    requirePositive(permits, "acquire");
    lock.lock();
    try {
      if (closed) {
        throw isClosedFor(permits);
      }
      return canTake(permits) ? take(permits) : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds {@code permits} to those that there are.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1, or there would be more than {@link Integer#MAX_VALUE}
   */
  public void addPermits(int permits) {
    requirePositive(permits, "add");
    lock.lock();
    try {
      if (permits > Integer.MAX_VALUE - total) {
        throw new IllegalArgumentException(
            "cannot add " + permits + " permits to the " + total + " that there are: at most "
                + Integer.MAX_VALUE + " in all");
      }
      total += permits;
      available += permits;
    } finally {
      lock.unlock();
    }
    grant();
  }

  /** How many permits nobody has; a moment later it may be another number. */
  public int available() {
    lock.lock();
    try {
      return available;
    } finally {
      lock.unlock();
    }
  }

  /** How many permits there are, in all hands; {@link #addPermits} and {@link Permit#forget} change it. */
  public int total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  /** Has all who wait, and all who come, fail with {@link SemaphoreClosedException}. Permits that are held stay valid, and go back as ever. Idempotent. */
  @Override
  public void close() {
    long end;
    lock.lock();
    try {
      closed = true;
      end = waiting.end();
    } finally {
      lock.unlock();
    }
    Wakers.wakeAll(lock, waiting, end);
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private static int requirePositive(int permits, String verb) {
    if (permits < 1) {
      throw new IllegalArgumentException("cannot " + verb + " " + permits + " permits: at least 1");
    }
    return permits;
  }

  private SemaphoreClosedException isClosedFor(int permits) {
    return new SemaphoreClosedException(
        "cannot acquire " + permits + " permits: the semaphore is closed; whoever closed it wants nobody to go on");
  }

  /** Whether they are there and nobody is overtaken; under the lock. */
  private boolean canTake(int permits) {
    return permits <= available && waiting.isEmpty();
  }

  /** Under the lock, which is held while the permit is created: where that fails nothing was taken. */
  private Permit take(int permits) {
    Permit permit = new Permit(this, permits);
    available -= permits;
    return permit;
  }

  /** What {@code permit} has comes back. */
  void giveBack(Permit permit) {
    lock.lock();
    try {
      available += permit.count;
      permit.count = 0;
    } finally {
      lock.unlock();
    }
    grant();
  }

  int count(Permit permit) {
    lock.lock();
    try {
      return permit.count;
    } finally {
      lock.unlock();
    }
  }

  /** Moves {@code permits} from one to the other; a negative number stands for all. */
  void move(Permit from, Permit to, int permits) {
    lock.lock();
    try {
      int moved = permits < 0 ? from.count : permits;
      if (moved > from.count) {
        throw new IllegalArgumentException("cannot split " + moved + " permits off " + from.count);
      }
      from.count -= moved;
      to.count += moved;
    } finally {
      lock.unlock();
    }
  }

  int forget(Permit permit) {
    lock.lock();
    try {
      int forgotten = permit.count;
      total -= forgotten;
      permit.count = 0;
      return forgotten;
    } finally {
      lock.unlock();
    }
  }

  /** Serves those who wait, from the first one on, as far as the permits reach. Called after each change that can let the first one through. */
  private void grant() {
    boolean more;
    do {
      Waker waker = null;
      lock.lock();
      try {
        if (canServe() && waiting.first() instanceof Acquire first) {
          available -= first.permits;
          first.granted = true;
          waker = waiting.pollWaker();
        }
        more = canServe();
      } finally {
        lock.unlock();
      }
      Wakers.wake(waker);
    } while (more);
  }

  private boolean canServe() {
    return !closed && waiting.first() instanceof Acquire first && first.permits <= available;
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "a semaphore with " + available + " of " + total + " permits available, " + waiting.size() + " waiting"
          + (closed ? ", closed" : "");
    } finally {
      lock.unlock();
    }
  }

  private final class Acquire extends Waiter<Permit> {
    private final int permits;
    private boolean granted; // they are this one's, and it is not in the queue

    Acquire(int permits) {
      this.permits = permits;
    }

    @Override
    protected Poll<Permit> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      lock.lock();
      try {
        if (granted) {
          Poll<Permit> ready = Poll.ready(new Permit(AsyncSemaphore.this, permits));
          granted = false;
          return ready;
        }
        if (closed) {
          throw isClosedFor(permits);
        }
        if (queue == null && canTake(permits)) {
          return Poll.ready(take(permits));
        }
        waiting.join(this, waker);
        return Poll.pending();
      } finally {
        lock.unlock();
      }
    }

    @Override
    protected void release() {
      lock.lock();
      try {
        boolean _ = waiting.leave(this);
        if (granted) {
          granted = false;
          available += permits;
        }
      } finally {
        lock.unlock();
      }
      grant();
    }

    @Override
    public String toString() {
      return permits + " permits of " + AsyncSemaphore.this;
    }
  }
}
