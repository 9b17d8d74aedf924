package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.Commands;
import io.github.epollo.benchmarks.NettyEchoServer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.HashedWheelTimer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * As {@link HogPeer}, on Netty's epoll transport with one event loop: sleepers are scheduled, and a hog that yields hands itself to the loop again. Arguments: the port, and "wheel" for sleepers on a {@link HashedWheelTimer} with a tick of 1 ms, which has a thread of its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // who is scheduled says itself when it has come to its end
final class NettyHogs {
  private final EventLoop loop;
  private final @Nullable HashedWheelTimer wheel; // null: the loop's own timers

  private NettyHogs(EventLoop loop, @Nullable HashedWheelTimer wheel) {
    this.loop = loop;
    this.wheel = wheel;
  }

  public static void main(String[] args) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Channel _ = NettyEchoServer.bind(group, address);
    NettyHogs peer = new NettyHogs(group.next(),
        args.length > 1 ? new HashedWheelTimer(1, TimeUnit.MILLISECONDS) : null);
    Commands.answer((workload, _, number, end) -> peer.run(workload, number, end));
    Runtime.getRuntime().halt(0); // the server has nothing to finish
  }

  private String run(String workload, int number, long end) throws InterruptedException {
    List<Sleeper> sleepers = Sleeper.of(workload, number, end);
    Hog hog = new Hog(workload.equals("yields"), end);
    CountDownLatch left = new CountDownLatch(sleepers.size() + (Hog.isIn(workload) ? 1 : 0));
    loop.execute(() -> {
      sleepers.forEach(sleeper -> sleep(sleeper, sleeper.begin(), left));
      if (Hog.isIn(workload)) {
        loop.execute(() -> run(hog, left));
      }
    });
    left.await();
    return Sleeper.answer(sleepers, hog.slices());
  }

  private void sleep(Sleeper sleeper, long nanos, CountDownLatch left) {
    if (nanos > 0 && wheel != null) {
      wheel.newTimeout(_ -> sleep(sleeper, sleeper.woken(), left), nanos, TimeUnit.NANOSECONDS);
    } else if (nanos > 0) {
      loop.schedule(() -> sleep(sleeper, sleeper.woken(), left), nanos, TimeUnit.NANOSECONDS);
    } else {
      left.countDown();
    }
  }

  private void run(Hog hog, CountDownLatch left) {
    if (!hog.compute()) {
      left.countDown();
    } else if (hog.yields()) {
      loop.execute(() -> run(hog, left));
    } else {
      loop.schedule(() -> run(hog, left), Hog.PAUSE, TimeUnit.NANOSECONDS);
    }
  }
}
