package io.github.epollo.benchmarks.sched;

/** The JDK's virtual threads, on its own scheduler. */
final class JdkSched extends SchedPeer<Thread> {
  private JdkSched() {}

  public static void main(String[] args) throws Exception {
    new JdkSched().serve();
  }

  @Override
  Thread spawn(Runnable body) {
    return Thread.startVirtualThread(body);
  }

  @Override
  void join(Thread task) {
    try {
      task.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void giveWay() {
    Thread.yield();
  }

  @Override
  void inTask(Runnable body) {
    join(spawn(body));
  }
}
