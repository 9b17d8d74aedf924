package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.ReadyOrder;
import io.github.epollo.testkit.sim.Participant;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.timers.Timers;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Simulation}: the hosts, their threads, and what they have left in the end. */
final class SimulationRun {
  private static final System.Logger LOG = System.getLogger("io.github.epollo.testkit");
  private static final long LOOK_MILLIS = 20;
  private static final long END_MILLIS = 5_000;
  private static final Pattern MAKES_FD = Pattern.compile("(ring: )?(open|socket|accept|inotifyInit|fcntl)");
  private static final long CRASHES = 0x637261736865_73L; // so that crashes leave other draws as they are

  private final Simulation simulation;
  private final @Nullable String testName;
  private final SimWorld sim;
  private final SimNetwork network;
  private final Trace trace;
  private final FaultDraw faults;
  private final ReadyOrder order;
  private final SplittableRandom crashes; // what they leave
  private final long chances; // the seed of what the code under test leaves to chance
  private final World world = new World(this);
  private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();
  private final List<HostRun> runs = new ArrayList<>();
  private final List<Throwable> uncaught = new ArrayList<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean open; // hosts may be started; so that "runs" is complete when the others are stopped
  private volatile @Nullable Throwable bodyFailure; // known before the other hosts have ended
  private volatile @Nullable Throwable failure;
  private @Nullable Throwable lost; // the first failure that nobody asked for; as "armed"
  private int armed; // timers that are left; written by one host at a time, read after done

  /** A run that is not begun; {@code testName} is how to call for it on Maven's command line, or null. */
  SimulationRun(Simulation simulation, @Nullable String testName) {
    this.simulation = simulation;
    this.testName = testName;
    SplittableRandom random = new SplittableRandom(simulation.seed);
    SplittableRandom forFaults = random.split();
    SplittableRandom forHosts = random.split();
    this.network = new SimNetwork(simulation.clockOrigin);
    this.sim = network.world();
    this.trace = new Trace(sim::now);
    this.faults = new FaultDraw(simulation.faults, forFaults, trace);
    Schedule schedule = simulation.schedule != null ? simulation.schedule : Schedule.ofSeed(random.nextLong());
    this.order = schedule.order();
    this.chances = random.nextLong() ^ schedule.seed();
    this.crashes = new SplittableRandom(simulation.seed ^ CRASHES);
    sim.serialise(forHosts::nextInt);
    sim.setAutomatic(simulation.automaticTime);
  }

  Simulation simulation() {
    return simulation;
  }

  VirtualTime time() {
    return network.time();
  }

  SimNetwork network() {
    return network;
  }

  Trace trace() {
    return trace;
  }

  FaultDraw faults() {
    return faults;
  }

  /** The host at {@code address}, made when first asked for. */
  SimulatedHost host(String address) {
    return hosts.computeIfAbsent(address, a -> new SimulatedHost(a, network.host(a), this));
  }

  World world() {
    return world;
  }

  /** The machines of all hosts but {@code host}. */
  List<SimKernel> others(SimulatedHost host) {
    return hosts.values().stream().filter(h -> h != host).map(SimulatedHost::kernel).toList();
  }

  /** Has the main host begin with what is on {@code disk}. */
  SimulationRun on(Disk disk) {
    host(Simulation.MAIN_HOST).kernel().mount(disk);
    return this;
  }

  /** See {@link World#crash}. */
  void crash(String address) {
    SimulatedHost before = hosts.get(address);
    if (address.equals(Simulation.MAIN_HOST) || before == null) {
      throw new IllegalArgumentException(before == null
          ? "there is no host " + address + " to crash"
          : "the simulation's body runs on " + address + ", which therefore cannot crash; start(...) another host");
    }
    trace.add(address, "crashes");
    SimKernel after = before.kernel().rebooted(crashes::nextInt);
    hosts.put(address, new SimulatedHost(address, after, this));
    runs.stream().filter(run -> run.isOn(address)).forEach(HostRun::crash);
  }

  Trace run(Simulation.Body body) {
    open = true;
    HostRun main = start(Simulation.MAIN_HOST, w -> {
      try {
        body.run(w);
      } catch (Throwable t) {
        bodyFailure = t;
        throw t;
      } finally {
        stopOthers();
      }
    });
    String problem = watch();
    Throwable thrown = failure;
    if (problem != null) {
      thrown = new AssertionError(problem, thrown);
    } else if (thrown == null) {
      thrown = lost != null ? lost : findLeaks();
    }
    if (thrown != null) {
      report(thrown, problem == null ? "" : dump());
      throw sneaky(thrown);
    }
    uncaught.forEach(t -> LOG.log(Level.WARNING, "a task failed in " + simulation + ", and nobody waited for it", t));
    assert main.hasEnded();
    return trace;
  }

  HostRun start(String address, Simulation.Body body) {
    if (!open) {
      throw new IllegalStateException("cannot start host " + address
          + ": the simulation has not begun, or it is ending; call start(...) in the body of the test, not in @BeforeEach");
    }
    SimulatedHost host = host(address);
    if (host.isRunning()) {
      throw new IllegalStateException(
          "cannot start a second run on host " + address + ": one is running; use another address");
    }
    HostRun run = new HostRun(address);
    runs.add(run);
    boolean main = runs.size() == 1;
    Participant participant = sim.enter(); // now, so that the order of hosts is that of the calls
    host.setRunning(true);
    Thread.ofPlatform().daemon().name("simulated " + address).start(() -> {
      Throwable thrown = null;
      try {
        participant.begin();
        Epollo epollo = create(host, address, run);
        try {
          run.run(epollo, () -> {
            keepTimers();
            body.run(world);
          });
        } finally {
          close(epollo, host.kernel(), address, run);
        }
      } catch (Throwable t) {
        thrown = t;
      } finally {
        host.setRunning(false);
        if (main) {
          failure = thrown;
        } else if (thrown != null && run.isUnasked()) {
          lose(thrown);
        }
        run.end(thrown);
        participant.close();
        if (main) {
          done.countDown();
        }
      }
    });
    return run;
  }

  /** Faults are to strike the code that is tested, and not what makes the ground that it stands on. */
  private Epollo create(SimulatedHost host, String address, HostRun run) {
    try (World.Calm _ = world.calm()) {
      return Epollo.local(options(host, address, run));
    }
  }

  /** Has the loop make its timers now. */
  private void keepTimers() {
    try (World.Calm _ = world.calm()) {
      long _ = Timers.deadlineAfter(Duration.ZERO);
    }
  }

  private EpolloOptions options(SimulatedHost host, String address, HostRun run) {
    return EpolloOptions.defaults()
        .withName(address)
        .withCarrier(CarrierChoice.LOOP)
        .withCloseTimeout(TasksLeft.CLOSE_TIMEOUT)
        .withKernel(new TracingKernel(address, new FaultyKernel(host.kernel(), faults, host), trace))
        .withReadyOrder(count -> pick(address, count))
        .withSeed(chances + address.hashCode())
        .withBlockingExecutor(run::runBlocking)
        .withUncaughtHandler((task, thrown) -> uncaught(address, task, thrown));
  }

  private int pick(String address, int count) {
    int picked = order.pick(count);
    if (picked != 0) {
      trace.add(address, "runs number " + picked + " of " + count + " that are ready");
    }
    return picked;
  }

  private void uncaught(String address, @Nullable Task<?> task, Throwable thrown) {
    trace.add(address, (task == null ? "foreign code" : task.toString()) + " failed: " + thrown);
    if (thrown instanceof AssertionError) {
      lose(thrown); // a check of the test's, wherever it stands
    } else {
      uncaught.add(thrown);
    }
  }

  /** Fails the run, if nothing else does. */
  private void lose(Throwable thrown) {
    if (lost == null) {
      lost = thrown;
    }
    uncaught.add(thrown);
  }

  /** Cancels all tasks of {@code epollo}, and waits for them for a while. */
  private void close(Epollo epollo, SimKernel kernel, String address, HostRun run) {
    TasksLeft left = TasksLeft.close(epollo, kernel, network.time());
    String tasks = left.tasks();
    if (tasks != null && !run.hasCrashed()) {
      lose(new AssertionError("left on host " + address + ": tasks that ignore their cancel\n" + tasks));
    } else if (!left.open().isEmpty() && !simulation.openFdsAllowed && !run.hasCrashed()) {
      lose(new AssertionError("left open on host " + address + " when all its tasks had ended: "
          + left.open().stream().map(fd -> fd + origin(address, fd)).collect(Collectors.joining("; "))
          + "; close it in a try or finally, or allow it: withOpenFdsAllowed()"));
    }
    armed += Timers.armedOn(epollo.loop());
  }

  /** Which call made the fd of a text as "number: what", if that is known. */
  private String origin(String address, String fd) {
    String result = " = " + fd.substring(0, fd.indexOf(':'));
    List<String> events = trace.last(Trace.KEPT);
    for (int i = events.size() - 1; i >= 0; i--) {
      String event = events.get(i);
      int call = event.indexOf(' ' + address + ' ');
      if (event.endsWith(result) && call >= 0
          && MAKES_FD.matcher(event.substring(call + address.length() + 2)).lookingAt()) {
        return " (" + event + ")";
      }
    }
    return "";
  }

  /** At the end of the main body: whoever still runs on other hosts is cancelled and waited for. */
  private void stopOthers() {
    open = false;
    for (HostRun run : runs.subList(1, runs.size())) {
      run.cancel();
    }
    for (HostRun run : runs.subList(1, runs.size())) {
      run.ended().handle((_, _) -> null).await();
    }
  }

  /** Waits for the end; answers what kept the run from ending, or null. */
  private @Nullable String watch() {
    long limit = simulation.limit.toMillis();
    long stalled = 0;
    boolean interrupted = false;
    for (long waited = 0;; waited += LOOK_MILLIS) {
      try {
        if (done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return null;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      stalled = sim.isStuck() ? stalled + LOOK_MILLIS : 0;
      String problem = null;
      if (stalled >= simulation.stallLimit.toMillis()) {
        problem = "nothing can happen any more: every task waits, nothing is ready, and "
            + whyTimeStands();
      } else if (waited >= limit || interrupted) {
        problem = interrupted ? "interrupted" : "the simulation has not ended within " + simulation.limit;
      }
      if (problem != null) {
        return abort(problem, interrupted);
      }
    }
  }

  private String whyTimeStands() {
    if (!network.time().isAutomatic()) {
      return "time moves only when it is told to";
    }
    return network.time().movesByItself()
        ? "no timer is set, nor may code that really blocks (Thread.sleep) take longer than " + simulation.stallLimit
        : "VirtualTime.hold() keeps time from moving; close the hold, or give others longer: withStallLimit(...)";
  }

  private String abort(String problem, boolean interrupted) {
    Throwable before = bodyFailure; // as it was before sim.abort fails the body
    String message = problem + (before == null ? "" : ", after the body had failed: " + before) + "\n" + dump();
    sim.abort(problem);
    try {
      boolean _ = done.await(END_MILLIS, TimeUnit.MILLISECONDS); // what still runs then runs on daemon threads
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return message;
  }

  private String dump() {
    return runs.stream().map(HostRun::dump).collect(Collectors.joining());
  }

  private @Nullable Throwable findLeaks() {
    String left = hosts.entrySet().stream().filter(e -> e.getValue().kernel().openFds() > 0)
        .map(e -> e.getKey() + " has " + e.getValue().kernel().describeFds()).collect(Collectors.joining("; "));
    if (!left.isEmpty()) {
      return new AssertionError("left open at the end: " + left);
    }
    return armed == 0
        ? null
        : new AssertionError(
            "left at the end: " + armed + " timers that are armed; close the futures that nobody waits for");
  }

  private void report(Throwable thrown, String tasks) {
    if (isAborted(thrown)) {
      return;
    }
    SimulationReport report = new SimulationReport(simulation, Replay.of(simulation, testName), trace, tasks);
    thrown.addSuppressed(report);
    if (!Replay.isPropertyOnStack()) {
      LOG.log(Level.ERROR, () -> "a simulation failed: " + thrown + "\n" + report.getMessage()); // not everybody prints what is suppressed
    }
    uncaught.forEach(t -> {
      if (t != thrown) {
        thrown.addSuppressed(t);
      }
    });
  }

  /** Whether the body said that it cannot run here, by assumeTrue(...) for one; the class is there only if JUnit is. */
  private static boolean isAborted(Throwable thrown) {
    for (Class<?> c = thrown.getClass(); c != null; c = c.getSuperclass()) {
      if (c.getName().equals("org.opentest4j.IncompleteExecutionException")) {
        return true;
      }
    }
    return false;
  }

  private static RuntimeException sneaky(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown; // Epollo.call throws nothing checked
  }
}
