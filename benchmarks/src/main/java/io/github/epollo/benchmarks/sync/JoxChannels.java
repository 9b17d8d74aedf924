package io.github.epollo.benchmarks.sync;

import com.softwaremill.jox.Channel;

/** The channels of jox, for virtual threads: the algorithm of Kotlin's (Koval, Alistarh and Elizarov, PPoPP 2023). */
final class JoxChannels extends VirtualThreadChannels {
  private record Values(Channel<Object> channel) implements Pipe {
    @Override
    public void send(Object value) throws InterruptedException {
      channel.send(value);
    }

    @Override
    public Object receive() throws InterruptedException {
      return channel.receive();
    }
  }

  public static void main(String[] args) throws Exception {
    new JoxChannels().serve();
  }

  @Override
  Pipe bounded(int capacity) {
    return new Values(Channel.newBufferedChannel(capacity));
  }

  @Override
  Pipe unbounded() {
    return new Values(Channel.newUnlimitedChannel());
  }

  @Override
  Pipe rendezvous() {
    return new Values(Channel.newRendezvousChannel());
  }
}
