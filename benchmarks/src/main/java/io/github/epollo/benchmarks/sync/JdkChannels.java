package io.github.epollo.benchmarks.sync;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** The JDK's queues. */
final class JdkChannels extends VirtualThreadChannels {
  private record Values(BlockingQueue<Object> queue) implements Pipe {
    @Override
    public void send(Object value) throws InterruptedException {
      queue.put(value);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  private record Transfers(LinkedTransferQueue<Object> queue) implements Pipe {
    @Override
    public void send(Object value) throws InterruptedException {
      queue.transfer(value);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  public static void main(String[] args) throws Exception {
    new JdkChannels().serve();
  }

  @Override
  Pipe bounded(int capacity) {
    return new Values(new ArrayBlockingQueue<>(capacity));
  }

  @Override
  Pipe unbounded() {
    return new Values(new LinkedTransferQueue<>());
  }

  @Override
  Pipe rendezvous() {
    return new Transfers(new LinkedTransferQueue<>());
  }
}
