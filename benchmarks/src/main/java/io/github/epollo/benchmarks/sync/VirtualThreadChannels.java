package io.github.epollo.benchmarks.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What hands values from one virtual thread of the JDK to another. */
abstract class VirtualThreadChannels extends ChannelPeer {
  @Override
  final void giveWay() {
    Thread.yield();
  }

  @Override
  final void inTasks(Body... bodies) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    Arrays.stream(bodies).forEach(body -> threads.add(Thread.startVirtualThread(() -> {
      try {
        body.run();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    })));
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
