package io.github.epollo.testsupport;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Awaiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs pieces of straight-line code so that one at a time runs, until it waits; a seed decides who is next. When all of them wait and nobody was woken, a wake-up
 * was lost. Any wait of any of them can be made to throw, as if its task was cancelled just there.
 */
public final class Lockstep {
  /** Where a wait is cut off. */
  public enum Cut {
    /** Before anybody could wake it. */
    ON_PARKING,
    /** Once it was woken, before it looks what for. */
    ON_WAKING
  }

  private static final int MAX_TURNS = 100_000;

  private final SplittableRandom random; // Random's first values are alike for small seeds
  private final List<Participant> participants = new ArrayList<>();
  private final Semaphore back = new Semaphore(0);

  /** Creates one without participants. */
  public Lockstep(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Adds code to run; its first failure other than a cut is the failure of {@link #run}. */
  public Participant add(String name, CheckedBody<?> body) {
    Participant participant = new Participant(name, body);
    participants.add(participant);
    return participant;
  }

  /**
   * Runs them all to their ends.
   *
   * @throws AssertionError if they wait for ever, or one of them failed
   */
  public void run() {
    participants.forEach(Participant::start);
    int turns = 0;
    while (turns++ < MAX_TURNS) {
      List<Participant> ready = participants.stream().filter(p -> p.ready && !p.ended).toList();
      if (ready.isEmpty()) {
        break;
      }
      Participant next = ready.get(random.nextInt(ready.size()));
      next.turn.release();
      back.acquireUninterruptibly();
    }
    for (Participant participant : participants) {
      if (participant.failure != null) {
        throw new AssertionError(participant.name + " failed", participant.failure);
      }
    }
    List<String> stuck = participants.stream().filter(p -> !p.ended).map(Participant::toString).toList();
    if (!stuck.isEmpty()) {
      participants.forEach(Participant::giveUp);
      throw new AssertionError((turns > MAX_TURNS ? "no end of " : "nobody wakes ") + stuck);
    }
  }

  /** One piece of code. */
  public final class Participant extends Awaiter {
    private final String name;
    private final CheckedBody<?> body;
    private final Semaphore turn = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean ready = true; // to run: it was woken, or has not begun
    private volatile boolean ended;
    private volatile boolean givenUp;
    private volatile boolean cut;
    private volatile int parks;
    private volatile @Nullable Throwable failure;
    private int cutAt = -1;
    private Cut where = Cut.ON_PARKING;

    private Participant(String name, CheckedBody<?> body) {
      this.name = name;
      this.body = body;
    }

    /** Has the wait number {@code k}, from 0, throw a {@link CancellationException}. */
    public Participant cutAt(int k, Cut where) {
      this.cutAt = k;
      this.where = where;
      return this;
    }

    /** How often it has waited. */
    public int parks() {
      return parks;
    }

    /** Whether the wait that was to be cut was reached. */
    public boolean wasCut() {
      return cut;
    }

    private void start() {
      thread = Thread.ofVirtual().name(name).start(() -> runAs(this, this::runBody));
    }

    private void runBody() {
      turn.acquireUninterruptibly();
      ready = false;
      try {
        body.run();
      } catch (Throwable t) {
        if (!givenUp && !(cut && t instanceof CancellationException)) {
          failure = t;
        }
      } finally {
        ended = true;
        back.release();
      }
    }

    private void giveUp() {
      if (!ended) {
        givenUp = true;
        turn.release();
        back.acquireUninterruptibly();
      }
    }

    @Override
    protected @Nullable Thread thread() {
      return thread;
    }

    @Override
    protected void doPark(Object awaited) {
      int park = parks;
      parks = park + 1;
      if (park == cutAt && where == Cut.ON_PARKING) {
        throw cut();
      }
      back.release();
      turn.acquireUninterruptibly();
      ready = false;
      if (givenUp) {
        throw new CancellationException("given up");
      }
      if (park == cutAt) {
        throw cut();
      }
    }

    private CancellationException cut() {
      cut = true;
      return new CancellationException("cut off");
    }

    @Override
    public void wake() {
      ready = true;
    }

    @Override
    public String toString() {
      return name + " (waiting for " + Objects.toString(awaited(), "nothing") + ")";
    }
  }
}
