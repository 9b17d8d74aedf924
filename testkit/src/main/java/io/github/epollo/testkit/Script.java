package io.github.epollo.testkit;

import io.github.epollo.testkit.ScriptStep.End;
import io.github.epollo.testkit.ScriptStep.Fail;
import io.github.epollo.testkit.ScriptStep.Pause;
import io.github.epollo.testkit.ScriptStep.Read;
import io.github.epollo.testkit.ScriptStep.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes the script of a {@link ScriptedStream}, step by step.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class Script {
  private final List<ScriptStep> steps = new ArrayList<>();

  Script() {}

  /**
   * The code under test reads {@code bytes}, in one read if its buffer is large enough.
   *
   * @throws IllegalArgumentException if there are none
   * @throws IllegalStateException after {@link #end}
   */
  public Script read(byte[] bytes) {
    if (steps.contains(new End())) {
      throw new IllegalStateException("nothing can be read after end(): call read(...) before it");
    }
    return add(new Read(requireBytes(bytes)));
  }

  /**
   * The code under test is to write {@code bytes}, in one write or in several.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Script write(byte[] bytes) {
    return add(new Write(requireBytes(bytes)));
  }

  /**
   * Whoever reads or writes next waits this long, by the timers of its loop.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public Script pause(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative pause: " + duration);
    }
    return add(new Pause(duration));
  }

  /** Whoever reads or writes next gets {@code cause}, once. */
  public Script fail(IOException cause) {
    return add(new Fail(Objects.requireNonNull(cause, "cause")));
  }

  /**
   * The next read gives the end of the stream, and so does every one after; writing may go on.
   *
   * @throws IllegalStateException if called twice
   */
  public Script end() {
    if (steps.contains(new End())) {
      throw new IllegalStateException("the input has ended already: call end() once");
    }
    return add(new End());
  }

  /** Makes the stream. */
  public ScriptedStream build() {
    return new ScriptedStream(List.copyOf(steps));
  }

  private Script add(ScriptStep step) {
    steps.add(step);
    return this;
  }

  private static ByteBuffer requireBytes(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a step needs at least one byte; leave it out");
    }
    return ByteBuffer.wrap(bytes.clone());
  }
}
