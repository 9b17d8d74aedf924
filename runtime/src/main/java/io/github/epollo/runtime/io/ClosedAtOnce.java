package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.channels.Channel;

/** A channel whose {@code close} may wait, as it writes what is left, and which can do without: for a poll, and where nobody is left to read it. */
interface ClosedAtOnce {
  /** Closes it and loses what was not written. Does not wait. */
  void closeAtOnce() throws IOException;

  /** Closes {@code channel} in this way, if it knows the difference. */
  static void close(Channel channel) throws IOException {
    if (channel instanceof ClosedAtOnce closed) {
      closed.closeAtOnce();
    } else {
      channel.close();
    }
  }
}
