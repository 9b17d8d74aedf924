package io.github.epollo.testkit.mutant;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.ForwardingKernel;
import io.github.epollo.testkit.Schedule;
import io.github.epollo.testkit.SimKernel;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Right after epoll_wait(2) has returned the end of one stream, another thread closes that stream and accepts one that gets its slot, and its number. The event
 * must not reach the new stream. There is one thread in a simulation, so the kernel stands for the other.
 *
 * <p>Every layer takes an event as a hint and tries its call, so a stale one breaks nothing: what it does is a call in vain.
 */
public final class ReusedSlot implements Runnable {
  private final SplittableRandom random;
  private final long seed;
  private int vain;

  /** With a seed, for {@link MutantLoader}. */
  public ReusedSlot(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The simulated kernel, with another thread that strikes once. */
  private final class Machine extends ForwardingKernel {
    private Runnable afterEnd = () -> {};

    Machine() {
      super(new SimKernel());
    }

    @Override
    public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
      int count = super.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis);
      EpollEvents events = EpollEvents.at(eventsAddress, maxEvents);
      for (int i = 0; i < count; i++) {
        if ((events.events(i) & Epoll.RDHUP) != 0) {
          Runnable once = afterEnd;
          afterEnd = () -> {};
          once.run();
        }
      }
      return count;
    }

    @Override
    public long recv(int fd, long bufferAddress, long length, int flags) {
      long result = super.recv(fd, bufferAddress, length, flags);
      if (result == -Errno.EAGAIN) {
        vain++;
      }
      return result;
    }
  }

  @Override
  public void run() {
    Machine machine = new Machine();
    Epollo.run(EpolloOptions.defaults().withKernel(machine).withReadyOrder(Schedule.ofSeed(seed).order()), () -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
          TcpStream closing = TcpStream.connect(listener.localAddress());
          TcpStream closed = listener.accept();
          TcpStream sender = TcpStream.connect(listener.localAddress())) {
        TcpStream[] next = new TcpStream[1];
        machine.afterEnd = () -> next[0] = replace(closed, listener);
        closing.shutdownOutput();
        Timers.sleep(Duration.ofMillis(1));
        try (TcpStream receiver = next[0]) {
          converse(sender, receiver);
        }
      }
    });
  }

  private static TcpStream replace(TcpStream closed, TcpListener listener) {
    closed.close();
    try (var accepting = listener.acceptAsync()) {
      TcpStream accepted = accepting.poll(() -> {}) instanceof Poll.Ready<TcpStream>(TcpStream stream) ? stream : null;
      try (var reading = accepted.readAsync(ByteBuffer.allocate(1))) {
        var _ = reading.poll(() -> {}); // from here on it is known that nothing is there
      }
      return accepted;
    }
  }

  private void converse(TcpStream sender, TcpStream receiver) throws IOException {
    vain = 0;
    Task<?> sending = Tasks.spawn(() -> {
      Timers.sleep(Duration.ofNanos(random.nextLong(1, 1_000_000)));
      sender.writeFully(ByteBuffer.allocate(10));
    });
    int _ = receiver.read(ByteBuffer.allocate(100));
    sending.join();
    if (vain > 0) {
      throw new AssertionError("recv in vain: the stream had no event");
    }
  }
}
