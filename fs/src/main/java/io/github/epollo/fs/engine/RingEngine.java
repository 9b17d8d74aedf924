package io.github.epollo.fs.engine;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.WaitHook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel makes the calls, through a ring whose fd the loop's epoll watches. What rings cannot do goes to threads.
 *
 * <p>In each turn, right before the loop looks for events:
 *
 * <ol>
 *   <li>the completions that are there are taken;
 *   <li>requests to cancel and calls are written into the ring, as many as have room, and handed over by one io_uring_enter;
 *   <li>what has completed at once is taken, too: whoever it wakes keeps the loop from waiting.
 * </ol>
 *
 * <p>All other completions make the ring's fd readable, which is an edge of its own for each, whether or not those before were taken.
 *
 * <p>There are never more calls in flight than half the room for completions, so that each of them and its cancellation find a place.
 *
 * <p><b>Ground rules.</b> {@link #submit} and {@link #cancel} may be called from any thread; everything else is the loop's thread's. A call is completed when the ring's own state is
 * consistent: whoever that wakes may submit and cancel.
 */
final class RingEngine implements FileEngine, WaitHook, Waker, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.github.epollo.fs");

  /** How many times the entries are filled in one turn, so that a storm of calls does not keep I/O waiting. */
  private static final int ROUNDS = 8;

  private static final long CLOSE_LIMIT = TimeUnit.SECONDS.toNanos(1);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Calls whose ring was closed while the kernel would not let go of them: their memory must outlive it. */
  private static final Queue<FileCall> LEFT = new ConcurrentLinkedQueue<>();

  /*
   * FileCall.slot:
   *
   *   NEW    -> WAITING   // submit
   *   NEW    -> REFUSED   // a cancel that overtook its submit, which then ends it
   *   WAITING -> 0..      // in the kernel: the slot in inFlight
   *   WAITING -> THREADS  // the ring cannot do it
   *   WAITING -> ENDED    // cancelled, or the loop has ended
   *   0..    -> WAITING   // interrupted without need: once more
   *   0..    -> ENDED     // completed
   */
  private static final int NEW = -1;
  private static final int WAITING = -2;
  private static final int REFUSED = -3;
  private static final int THREADS = -4;
  private static final int ENDED = -5;

  private final Loop loop;
  private final Ring ring;
  private final Registration registration;
  private final Supplier<FileEngine> threadsMaker;
  private @Nullable FileEngine threads; // made when first needed

  private final ArrayDeque<FileCall> waiting = new ArrayDeque<>();
  private int ended; // calls in waiting that are not WAITING any more
  private final CallsInFlight inFlight;
  private final ArrayDeque<Long> toCancel = new ArrayDeque<>(); // user data of calls in flight
  private int unanswered; // requests to cancel in the kernel

  private final AtomicBoolean closing = new AtomicBoolean();
  private boolean closed; // everything is refused
  private boolean broken; // io_uring_enter has failed: everything goes to the threads

  private RingEngine(Loop loop, Ring ring, Registration registration, Supplier<FileEngine> threads) {
    this.loop = loop;
    this.ring = ring;
    this.registration = registration;
    this.threadsMaker = threads;
    this.inFlight = new CallsInFlight(Math.max(1, ring.completions() / 2));
  }

  /**
   * Makes a ring for {@code loop}; {@link #start} follows.
   *
   * @param threads makes the engine for what rings cannot do
   * @throws IOException if there is no ring to be had
   */
  static RingEngine open(Loop loop, FileOptions options, Supplier<FileEngine> threads) throws IOException {
    Ring ring = Ring.open(loop.kernel(), options.ringEntries(), 4 * options.ringEntries(), options.ringWorkers());
    boolean done = false;
    try {
      Registration registration = loop.ownDriver().register(ring.fd(), Interest.READ);
      done = true;
      return new RingEngine(loop, ring, registration, threads);
    } finally {
      if (!done) {
        ring.unmap();
      }
    }
  }

  /** Becomes part of the loop's turns. From any thread, once. */
  void start() {
    loop.addWaitHook(this);
    loop.execute(this::listen);
  }

  @Override
  public int pending() {
    return waiting.size() + inFlight.size();
  }

  @Override
  public FileBackend backend() {
    return FileBackend.RING;
  }

  // ---- from any thread

  @Override
  public void submit(FileCall call) {
    if (loop.isOnThread()) {
      accept(call);
    } else {
      loop.execute(() -> accept(call));
    }
  }

  @Override
  public void cancel(FileCall call) {
    if (loop.isOnThread()) {
      stop(call);
    } else {
      loop.execute(() -> stop(call));
    }
  }

  // ---- the loop's thread, but for work that the loop has left to others when it ended

  private void accept(FileCall call) {
    if (!loop.isOnThread() || closed || call.slot == REFUSED || call.isCancelled()) {
      complete(call, -Errno.ECANCELED);
    } else {
      call.slot = WAITING;
      waiting.add(call);
    }
  }

  private void stop(FileCall call) {
    if (!loop.isOnThread()) {
      return; // close() has seen to it
    }
    if (call.slot >= 0) {
      long userData = inFlight.cancel(call.slot);
      if (userData != -1) {
        toCancel.add(userData);
      }
    } else if (call.slot == WAITING) {
      ended++;
      complete(call, -Errno.ECANCELED);
      forgetEnded();
    } else if (call.slot == NEW) {
      call.slot = REFUSED;
    } else if (call.slot == THREADS) {
      threads().cancel(call);
    }
  }

  /** Keeps calls that were cancelled from piling up while the ring is full. */
  private void forgetEnded() {
    if (ended > waiting.size() / 2) {
      waiting.removeIf(call -> call.slot != WAITING);
      ended = 0;
    }
  }

  private FileEngine threads() {
    FileEngine present = threads;
    if (present == null) {
      present = threadsMaker.get();
      threads = present;
    }
    return present;
  }

  @Override
  public void beforeWait(boolean mayBlock) {
    if (closed || (waiting.isEmpty() && isIdle())) {
      return;
    }
    take(); // 1
    for (int i = 0; i < ROUNDS && fill(); i++) { // 2
      handOver();
      take(); // 3
    }
    if (hasMore()) {
      loop.execute(RingEngine::goOn);
    }
  }

  private boolean isIdle() {
    return inFlight.size() == 0 && unanswered == 0;
  }

  /** Work that keeps the loop from waiting, so that its next turn hands over the rest. */
  private static void goOn() {}

  /** Whether there is something to hand over and room for it. */
  private boolean hasMore() {
    return ring.unsubmitted() > 0 || !toCancel.isEmpty() || (!waiting.isEmpty() && !inFlight.isFull());
  }

  /** Writes what has room into the ring's entries; whether there is something to hand over. */
  private boolean fill() {
    fillCancellations();
    while (!waiting.isEmpty() && !inFlight.isFull()) {
      SubmissionEntry entry = ring.next();
      if (entry == null) {
        break;
      }
      FileCall call = waiting.remove();
      if (call.slot != WAITING) {
        ended--;
      } else if (describe(call, entry)) {
        entry.userData(inFlight.add(call));
        ring.push();
      }
    }
    return ring.unsubmitted() > 0;
  }

  private void fillCancellations() {
    if (broken) {
      toCancel.clear();
    }
    while (!toCancel.isEmpty() && unanswered < ring.completions() / 2) {
      SubmissionEntry entry = ring.next();
      if (entry == null) {
        return;
      }
      long userData = toCancel.remove();
      if (inFlight.find(userData) != null) {
        entry.operation(IoUring.OP_ASYNC_CANCEL, -1).address(userData).userData(CallsInFlight.toCancel(userData));
        ring.push();
        unanswered++;
      }
    }
  }

  /** False if the call was disposed of in another way. */
  private boolean describe(FileCall call, SubmissionEntry entry) {
    boolean forRing;
    try {
      forRing = !broken && call.describe(entry) && ring.supports(entry.opcode());
    } catch (RuntimeException | Error e) {
      report(e);
      complete(call, -Errno.EINVAL);
      return false;
    }
    if (!forRing) {
      toThreads(call);
    } else if (entry.opcode() == IoUring.OP_OPENAT) {
      // The kernel's first try does not wait for the other end of a FIFO, and takes that for the answer: an open reader, or ENXIO for a writer.
      entry.flags(IoUring.SQE_FLAG_ASYNC);
    }
    return forRing;
  }

  private void toThreads(FileCall call) {
    call.slot = THREADS;
    threads().submit(call);
  }

  private void handOver() {
    int result = ring.enter();
    // EAGAIN: no memory just now. EBUSY: completions wait for room. Both pass, and entries that were not taken stay for the next time.
    if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EBUSY) {
      report(new IllegalStateException("cannot use " + ring + " any more: calls on files go to threads",
          Errno.toIOException("io_uring_enter", -result)));
      broken = true;
      while (ring.unsubmitted() > 0) {
        withdraw(ring.withdraw());
      }
    }
  }

  private void withdraw(long userData) {
    FileCall call = inFlight.find(userData);
    if (CallsInFlight.isToCancel(userData)) {
      unanswered--;
    } else if (call != null) {
      inFlight.remove(userData);
      toThreads(call);
    }
  }

  /** Takes all completions that there are. */
  private void take() {
    while (true) {
      while (ring.hasCompletion()) {
        long userData = ring.userData();
        int result = ring.result();
        ring.advance();
        end(userData, result);
      }
      if (!ring.holdsBack()) {
        return;
      }
      int result = ring.enter();
      if (result < 0 && !ring.hasCompletion()) {
        return; // the next turn tries again
      }
    }
  }

  private void end(long userData, int result) {
    if (CallsInFlight.isToCancel(userData)) {
      unanswered--; // what it found is told by the call's own completion
      return;
    }
    FileCall call = inFlight.find(userData);
    if (call == null) {
      return; // stale
    }
    boolean cancelled = inFlight.isCancelled(userData);
    inFlight.remove(userData);
    if (!Errno.isInterrupted(-result) || !call.isRepeatable()) {
      complete(call, result);
    } else if (cancelled || closed) {
      complete(call, -Errno.ECANCELED);
    } else {
      call.slot = WAITING;
      waiting.addFirst(call);
    }
  }

  private void complete(FileCall call, long result) {
    call.slot = ENDED;
    try {
      call.complete(result);
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  private void report(Throwable failure) {
    loop.execute(() -> {
      if (failure instanceof Error e) {
        throw e;
      }
      throw (RuntimeException) failure;
    });
  }

  /** The ring's fd is readable, or was closed with the driver. Another loop's thread tells it where that helps this one, which is held: then it is for later. */
  @Override
  public void wake() {
    if (!loop.isOnThread()) {
      loop.execute(this::look);
    } else {
      look();
    }
  }

  private void look() {
    if (!registration.isClosed() && loop.isOnThread()) {
      listen(); // first: what comes after the last look is an edge again
      take();
    }
  }

  private void listen() {
    if (loop.isOnThread() && !registration.isClosed()) {
      registration.wouldBlock(Direction.READ, registration.readiness());
      boolean _ = registration.pollReady(Direction.READ, this);
    }
  }

  // ---- the end

  /** Cancels all calls, and waits until the kernel has let go of their memory; not for ever. On the loop's thread when it runs no more, or before {@link #start}. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed = true;
    List<FileCall> refused = new ArrayList<>(waiting);
    waiting.clear();
    for (FileCall call : refused) {
      if (call.slot == WAITING) {
        complete(call, -Errno.ECANCELED);
      }
    }
    inFlight.forEach(this::stop);
    awaitEnd();
    keepWhatIsLeft();
    registration.close();
    ring.unmap();
  }

  private void awaitEnd() {
    if (inFlight.size() == 0) {
      return;
    }
    listen();
    long end = loop.now() + CLOSE_LIMIT;
    while (true) {
      take();
      if (fill()) {
        handOver();
        take();
      }
      long left = end - loop.now();
      if (inFlight.size() == 0 || left <= 0) {
        return;
      }
      loop.ownDriver().poll(hasMore() ? 0 : (int) (left / NANOS_PER_MILLI) + 1);
    }
  }

  private void keepWhatIsLeft() {
    if (inFlight.size() == 0) {
      return;
    }
    List<FileCall> left = new ArrayList<>();
    inFlight.forEach(left::add);
    LEFT.addAll(left);
    LOG.log(Level.WARNING, () -> left.size() + " calls on files did not end with " + loop
        + ", although they were cancelled: their memory is never freed: " + left);
  }

  @Override
  public String toString() {
    return ring + " of " + loop;
  }
}
