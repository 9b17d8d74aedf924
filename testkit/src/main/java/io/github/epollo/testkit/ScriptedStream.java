package io.github.epollo.testkit;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AbstractByteChannel;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.testkit.ScriptStep.End;
import io.github.epollo.testkit.ScriptStep.Fail;
import io.github.epollo.testkit.ScriptStep.Pause;
import io.github.epollo.testkit.ScriptStep.Read;
import io.github.epollo.testkit.ScriptStep.Write;
import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A peer that follows a script: what it sends, what it wants to receive, when it is slow and how it fails.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="scripted"}
 *
 * <p>The steps go in order. A read waits while the script wants something written first. A write that does not fit, because the bytes differ, the script
 * wants something read first, or it is over, fails with an {@link AssertionError}, and so does a read after the last step; from then on everything does,
 * with the same error, and {@link #assertDone} too, should the code under test have caught it. No read or write goes across the end of a step.
 *
 * <p>Blocking, cancellation and threading are as {@link AbstractByteChannel} says; pauses need a runtime.
 */
public final class ScriptedStream extends AbstractByteChannel {
  /** Where the script is; {@code offset} counts the bytes of the step that were moved, or is 1 once a pause has begun, which ends at {@code deadline}. */
  private record Position(int step, int offset, long deadline) {}

  private final List<ScriptStep> steps;
  private final int end; // the index of the step that ends the input; Integer.MAX_VALUE if there is none
  private final AtomicReference<Position> position = new AtomicReference<>(new Position(0, 0, 0));
  private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
  private volatile boolean outputShutDown;
  private volatile boolean checked; // by close()
  private @Nullable Sleep readPause; // the task that reads
  private @Nullable Sleep writePause; // the task that writes

  ScriptedStream(List<ScriptStep> steps) {
    this.steps = steps;
    int index = steps.indexOf(new End());
    this.end = index < 0 ? Integer.MAX_VALUE : index;
  }

  /** Begins a script. */
  public static Script script() {
    return new Script();
  }

  @Override
  protected int tryRead(Waker waker, ByteBuffer target) throws IOException {
    while (true) {
      requireIntact();
      Position at = position.get();
      if (at.step > end) {
        return -1;
      }
      switch (step(at)) {
        case Read(ByteBuffer bytes) -> {
          int n = Math.min(target.remaining(), bytes.capacity() - at.offset);
          if (moved(at, n, bytes)) {
            target.put(target.position(), bytes, at.offset, n);
            target.position(target.position() + n);
            return n;
          }
        }
        case Write _ -> {
          return PENDING;
        }
        case Pause(Duration duration) -> {
          if (!isOver(at, duration, Direction.READ, waker)) {
            return PENDING;
          }
        }
        case Fail(IOException cause) -> {
          if (next(at)) {
            throw cause;
          }
        }
        case End _ -> {
          if (next(at)) {
            return -1;
          }
        }
        case null -> throw broken("a read after the last step; add end() for the end of the stream, or a pause(...)");
      }
    }
  }

  @Override
  protected int tryWrite(Waker waker, ByteBuffer source) throws IOException {
    while (true) {
      requireIntact();
      Position at = position.get();
      switch (step(at)) {
        case Write(ByteBuffer bytes) -> {
          int n = Math.min(source.remaining(), bytes.capacity() - at.offset);
          int same = source.slice(source.position(), n).mismatch(bytes.slice(at.offset, n));
          if (same >= 0) {
            byte[] expected = new byte[bytes.capacity()];
            bytes.get(0, expected);
            byte[] actual = Arrays.copyOf(expected, at.offset + source.remaining());
            source.get(source.position(), actual, at.offset, source.remaining());
            throw broken(describe(at) + ": " + Difference.at(at.offset + same, expected, actual));
          }
          if (moved(at, n, bytes)) {
            source.position(source.position() + n);
            return n;
          }
        }
        case Pause(Duration duration) -> {
          if (!isOver(at, duration, Direction.WRITE, waker)) {
            return PENDING;
          }
        }
        case Fail(IOException cause) -> {
          if (next(at)) {
            throw cause;
          }
        }
        case Read _,End _ -> throw broken(unexpected(source) + " before " + describe(at));
        case null -> throw broken(unexpected(source) + " after the last step");
      }
    }
  }

  private static String unexpected(ByteBuffer source) {
    byte[] actual = new byte[source.remaining()];
    source.get(source.position(), actual);
    return "a write of " + actual.length + " bytes, " + Difference.show(actual, 0) + ",";
  }

  private @Nullable ScriptStep step(Position at) {
    return at.step < steps.size() ? steps.get(at.step) : null;
  }

  private boolean moved(Position at, int n, ByteBuffer bytes) {
    return at.offset + n == bytes.capacity() ? next(at) : go(at, new Position(at.step, at.offset + n, 0));
  }

  private boolean next(Position at) {
    return go(at, new Position(at.step + 1, 0, 0));
  }

  /** Goes from {@code at} to {@code to} unless the script has moved on; what was possible for neither side may be now. */
  private boolean go(Position at, Position to) {
    boolean moved = position.compareAndSet(at, to);
    if (moved && at.step != to.step) {
      wake();
    }
    return moved;
  }

  private void wake() {
    try {
      wakeReader();
    } finally {
      wakeWriter();
    }
  }

  /** Whether there is something new to look at; else {@code waker} is called when the pause is over. */
  private boolean isOver(Position at, Duration duration, Direction direction, Waker waker) {
    if (at.offset == 0) {
      position.compareAndSet(at, new Position(at.step, 1, Timers.deadlineAfter(duration)));
      return true;
    }
    Sleep pause = direction == Direction.READ ? readPause : writePause;
    if (pause == null || pause.deadline() != at.deadline) { // the other side may have ended one pause and begun another
      forgetPause(direction);
      pause = Timers.sleepUntilAsync(at.deadline);
      setPause(direction, pause);
    }
    if (pause.poll(waker) instanceof Poll.Pending) {
      return false;
    }
    setPause(direction, null);
    next(at);
    return true;
  }

  private void setPause(Direction direction, @Nullable Sleep pause) {
    if (direction == Direction.READ) {
      readPause = pause;
    } else {
      writePause = pause;
    }
  }

  @Override
  protected void onForget(Direction direction, Waker waker) {
    forgetPause(direction);
  }

  private void forgetPause(Direction direction) {
    Sleep pause = direction == Direction.READ ? readPause : writePause;
    if (pause != null) {
      pause.close();
      setPause(direction, null);
    }
  }

  /** Notes the first failure, which ends the script for both sides; returns it. */
  private AssertionError broken(String message) {
    AssertionError error = new AssertionError(this + ": " + message);
    if (failure.compareAndSet(null, error)) {
      wake();
    }
    return Objects.requireNonNull(failure.get());
  }

  private void requireIntact() {
    AssertionError error = failure.get();
    if (error != null) {
      throw error;
    }
  }

  @Override
  protected void requireOutput() throws IOException {
    if (outputShutDown) {
      throw ClosedChannel.outputShutDown(this);
    }
  }

  /** Writes nothing more; no step of the script, and {@link #assertDone} tells if one still wants something written. Idempotent. */
  @Override
  public void shutdownOutput() throws IOException {
    requireOpen();
    outputShutDown = true;
  }

  /**
   * Checks that every step was used: all bytes were read and written, each failure was thrown, the end was seen, each pause has at least begun.
   *
   * @throws AssertionError if something is left, and says what; or if the stream has failed before
   */
  public void assertDone() {
    AssertionError error = failure.get();
    if (error != null) {
      throw new AssertionError(error.getMessage(), error);
    }
    String left = left();
    if (left != null) {
      throw new AssertionError(this + ": " + left);
    }
  }

  private @Nullable String left() {
    Position at = position.get();
    int first = step(at) instanceof Pause && at.offset > 0 ? at.step + 1 : at.step;
    if (first == steps.size()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = first; i < steps.size(); i++) {
      text.append(i == first ? "" : "; ").append(describe(i == at.step ? at : new Position(i, 0, 0)));
    }
    return (steps.size() - first) + " of " + steps.size() + " steps are left: " + text;
  }

  private String describe(Position at) {
    String text = "step " + (at.step + 1) + ", " + step(at);
    return at.offset > 0 && !(step(at) instanceof Pause) ? text + " (" + at.offset + " done)" : text;
  }

  /**
   * Who waits on this side is told.
   *
   * <p>As {@link #assertDone}, so that a try-with-resources block checks the script; but an error that was thrown before is not thrown again.
   */
  @Override
  protected void onClose() {
    boolean first = !checked;
    checked = true;
    wake();
    if (first && failure.get() == null) {
      assertDone();
    }
  }

  /** As {@code ScriptedStream at step 2 of 5}. */
  @Override
  public String toString() {
    int step = position.get().step;
    return step == steps.size()
        ? "ScriptedStream after " + step + " steps"
        : "ScriptedStream at step " + (step + 1) + " of " + steps.size();
  }
}
