package io.github.epollo.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What a {@link ScriptedStream} does next; its {@code toString} goes into messages. */
sealed interface ScriptStep {
  /** The code under test receives all of these bytes, which are accessed by index alone. */
  record Read(ByteBuffer bytes) implements ScriptStep {
    @Override
    public String toString() {
      return "read of " + bytes.capacity() + " bytes";
    }
  }

  /** The code under test is to write all of these bytes, which are accessed by index alone. */
  record Write(ByteBuffer bytes) implements ScriptStep {
    @Override
    public String toString() {
      return "write of " + bytes.capacity() + " bytes";
    }
  }

  /** Who reads or writes next waits. */
  record Pause(Duration duration) implements ScriptStep {
    @Override
    public String toString() {
      return "pause of " + duration;
    }
  }

  /** Who reads or writes next gets this. */
  record Fail(IOException cause) implements ScriptStep {
    @Override
    public String toString() {
      return "failure with " + cause;
    }
  }

  /** From here on, reads give the end of the stream. */
  record End() implements ScriptStep {
    @Override
    public String toString() {
      return "end of the input";
    }
  }
}
