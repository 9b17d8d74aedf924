package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.EpolloEchoServer;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

/**
 * Epollo's tasks. Arguments: the port, who carries them, {@code loop} or {@code shared}, and the number of loops. All tasks belong to the first loop; only by helping it does a second one get something to do.
 */
final class EpolloHogs extends HogPeer<Task<?>> {
  private final Epollo epollo;
  private final Loop loop;

  private EpolloHogs(CarrierChoice carrier, int loops) {
    epollo = Epollo.start(EpolloOptions.defaults().withCarrier(carrier).withLoops(loops));
    loop = epollo.loops().getFirst();
  }

  public static void main(String[] args) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    EpolloHogs peer = new EpolloHogs(CarrierChoice.valueOf(args[1].toUpperCase(Locale.ROOT)),
        Integer.parseInt(args[2]));
    Task<?> _ = peer.epollo.spawnOn(peer.loop, () -> EpolloEchoServer.accept(address));
    peer.serve();
  }

  @Override
  Task<?> spawn(Runnable body) {
    return Tasks.spawn(body::run);
  }

  @Override
  void join(Task<?> task) {
    task.join();
  }

  @Override
  void giveWay() {
    Tasks.yieldNow();
  }

  @Override
  void sleep(long nanos) {
    Timers.sleep(Duration.ofNanos(nanos));
  }

  @Override
  void inTask(Runnable body) {
    epollo.spawnOn(loop, body::run).join();
  }
}
