package io.github.epollo.benchmarks.sched;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.util.Locale;

/** Epollo's tasks. The argument is who carries them, {@code loop} or {@code shared}. */
final class EpolloSched extends SchedPeer<Task<?>> {
  private final EpolloOptions options;

  private EpolloSched(CarrierChoice carrier) {
    options = EpolloOptions.defaults().withCarrier(carrier);
  }

  public static void main(String[] args) throws Exception {
    new EpolloSched(CarrierChoice.valueOf(args[0].toUpperCase(Locale.ROOT))).serve();
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
  void inTask(Runnable body) {
    Epollo.run(options, body::run);
  }
}
