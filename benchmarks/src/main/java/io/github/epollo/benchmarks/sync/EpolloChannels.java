package io.github.epollo.benchmarks.sync;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.sync.Channel;
import java.util.Arrays;
import java.util.List;

/** Epollo's channels, between tasks of one loop. */
final class EpolloChannels extends ChannelPeer {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP);

  private record Values(Channel<Object> channel) implements Pipe {
    @Override
    public void send(Object value) {
      channel.send(value);
    }

    @Override
    public Object receive() {
      return channel.receive();
    }
  }

  public static void main(String[] args) throws Exception {
    new EpolloChannels().serve();
  }

  @Override
  Pipe bounded(int capacity) {
    return new Values(Channel.bounded(capacity));
  }

  @Override
  Pipe unbounded() {
    return new Values(Channel.unbounded());
  }

  @Override
  Pipe rendezvous() {
    return new Values(Channel.rendezvous());
  }

  @Override
  void giveWay() {
    Tasks.yieldNow();
  }

  @Override
  void inTasks(Body... bodies) {
    Epollo.run(OPTIONS, () -> {
      List<Task<?>> tasks = Arrays.stream(bodies).<Task<?>>map(body -> Tasks.spawn(body::run)).toList();
      tasks.forEach(Task::join);
    });
  }
}
