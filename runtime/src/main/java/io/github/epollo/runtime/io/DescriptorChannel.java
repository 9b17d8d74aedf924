package io.github.epollo.runtime.io;

import io.github.epollo.runtime.driver.Direction;
import java.nio.channels.Channel;

/**
 * A channel whose bytes go through a file descriptor as they are: another module can then move them by a system call of its own, such as sendfile(2) or splice(2), and needs to know nothing else
 * of the channel. One that keeps bytes back or changes them, a buffered writer for one, is none.
 */
public interface DescriptorChannel extends Channel {
  /**
   * The channel's fd, for calls that read from it or write to it.
   *
   * @throws UnsupportedOperationException if the channel does not go that way
   */
  DescriptorSide side(Direction direction);
}
