package io.github.epollo.benchmarks.sync;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/** The array queue of JCTools, which nobody can wait for: on one thread. */
final class QueueAlone extends ChannelPeer {
  private record Values(MessagePassingQueue<Object> queue) implements Pipe {
    @Override
    public void send(Object value) {
      if (!queue.offer(value)) {
        throw new IllegalStateException("full");
      }
    }

    @Override
    public Object receive() {
      return queue.poll();
    }
  }

  public static void main(String[] args) throws Exception {
    new QueueAlone().serve();
  }

  @Override
  Pipe alone(int capacity) {
    return new Values(new MpmcVarHandleArrayQueue<>(capacity));
  }

  @Override
  @Nullable
  Pipe bounded(int capacity) {
    return null;
  }

  @Override
  @Nullable
  Pipe unbounded() {
    return null;
  }

  @Override
  @Nullable
  Pipe rendezvous() {
    return null;
  }

  @Override
  void giveWay() {
    // there is no other
  }

  @Override
  void inTasks(Body... bodies) throws InterruptedException {
    bodies[0].run();
  }
}
