package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.driver.LeakTracker;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one runtime. Each has a thread, an epoll instance, timers and queues of its own; what they know of each other stands here.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class LoopGroup {
  /*
   * asleep     how many loops wait or are about to. A loop that adds work and finds some calls one of them. It may just miss one that falls asleep at the same time: that costs a chance and no
   *            more, since it runs its work itself, and should it not, it is held, see held.
   * searching  whether a loop was called and has not looked around yet: until then no other is called. false -> true by who calls; true -> false by the first loop that has looked.
   * held       a loop that makes no progress, for the first other loop that comes along to help. null -> loop by the watch, once each of its ticks; loop -> null by who takes it.
   */
  private static final VarHandle ASLEEP;
  private static final VarHandle SEARCHING;
  private static final VarHandle HELD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ASLEEP = lookup.findVarHandle(LoopGroup.class, "asleep", int.class);
      SEARCHING = lookup.findVarHandle(LoopGroup.class, "searching", boolean.class);
      HELD = lookup.findVarHandle(LoopGroup.class, "held", Loop.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Loop[] loops; // filled before the group is published
  private final @Nullable LoopWatch watch;
  private final LoopInsight insight;

  @SuppressWarnings("unused") // through ASLEEP
  private int asleep;

  @SuppressWarnings("unused") // through SEARCHING
  private boolean searching;

  @SuppressWarnings("unused") // through HELD
  private @Nullable Loop held;

  private LoopGroup(int count, LoopInsight insight) {
    this.insight = insight;
    this.loops = new Loop[count];
    this.watch = count > 1 || insight.listener() != null
        ? new LoopWatch(this, insight.limit(), insight.listener())
        : null;
  }

  /**
   * Creates {@code count} loops, all or none; each runs once a thread calls its {@link Loop#runUntil}.
   *
   * @param name for messages and the names of threads; of several loops each has its index behind that
   * @param order which ready work runs next
   * @param chances what decides the choices of the code on the loop with an index
   * @param failures is told what work and wakers throw; must not throw itself
   * @param insight what somebody wants to know
   * @throws IOException if the kernel refuses an epoll instance or an eventfd
   * @throws IllegalStateException if the carrier asked for cannot be had in this JVM
   */
  public static LoopGroup create(int count, String name, Kernel kernel, CarrierChoice choice, ReadyOrder order,
      IntFunction<Chance> chances, Consumer<Throwable> failures, LoopInsight insight) throws IOException {
    LoopGroup group = new LoopGroup(count, insight);
    boolean done = false;
    int made = 0;
    try {
      for (; made < count; made++) {
        String loopName = count == 1 ? name : name + "-loop-" + made;
        group.loops[made] = new Loop(group, made, loopName, kernel, choice, order, chances.apply(made), failures);
      }
      done = true;
      return group;
    } finally {
      for (int i = 0; !done && i < made; i++) {
        group.loops[i].close();
      }
    }
  }

  /** The group of a loop without others. */
  static LoopGroup ofOne() {
    return new LoopGroup(1, LoopInsight.NONE);
  }

  void setOnly(Loop loop) {
    loops[0] = loop;
  }

  /** The loops, by their index. */
  public List<Loop> loops() {
    return List.of(loops);
  }

  /** How many loops there are. */
  public int size() {
    return loops.length;
  }

  /** The loop with the index 0. */
  public Loop first() {
    return loops[0];
  }

  /** Whether {@code loop} is one of these. */
  public boolean contains(@Nullable Loop loop) {
    return loop != null && loop.group() == this;
  }

  /** The loop on whose thread the caller runs, be it as a task or under the loop itself; null if it is none of these. */
  public @Nullable Loop running() {
    Thread carrier = VirtualThreads.currentCarrier();
    for (Loop loop : loops) {
      if (loop.thread() == carrier) {
        return loop;
      }
    }
    return null;
  }

  Loop loop(int index) {
    return loops[index];
  }

  /** Whether these loops measure times. */
  boolean measures() {
    return insight.measures();
  }

  /** What remembers where registrations were opened; null if nobody wants to know. */
  @Nullable
  LeakTracker leaks() {
    return insight.leaks();
  }

  /** Whether somebody looks after the progress of these loops: always if there are several. */
  boolean isWatched() {
    return watch != null;
  }

  @Nullable
  LoopWatch watch() {
    return watch;
  }

  /** Starts what watches over the loops, if there is something to watch for. */
  public void startWatch() {
    if (watch != null) {
      watch.start(first() + "-watch");
    }
    LeakTracker leaks = insight.leaks();
    if (leaks != null) {
      leaks.start();
    }
  }

  /** Ends it; does not wait for that. */
  public void endWatch() {
    if (watch != null) {
      watch.end();
    }
    LeakTracker leaks = insight.leaks();
    if (leaks != null) {
      leaks.close();
    }
  }

  /** A loop has announced that it waits. */
  void fallsAsleep() {
    int _ = (int) ASLEEP.getAndAdd(this, 1);
  }

  /** A loop does not wait any more. */
  void isAwake() {
    int _ = (int) ASLEEP.getAndAdd(this, -1);
    if (watch != null) {
      watch.somebodyIsAwake();
    }
  }

  /** Wakes a loop that waits, if {@code busy}, which has just added work, has more than it runs. On its thread. */
  void callForHelp(Loop busy) {
    if ((int) ASLEEP.getOpaque(this) == 0 || (boolean) SEARCHING.getOpaque(this)) {
      return;
    }
    MovableWork work = busy.movable();
    if (work != null && work.size() >= Thief.LEAST && SEARCHING.compareAndSet(this, false, true)
        && !callOther(busy)) {
      SEARCHING.setOpaque(this, false);
    }
  }

  private boolean callOther(Loop caller) {
    for (int i = 1; i < loops.length; i++) {
      if (loops[(caller.index() + i) % loops.length].callAwake()) {
        return true;
      }
    }
    return false;
  }

  /** A loop has looked around for work. */
  void searchEnded() {
    if ((boolean) SEARCHING.getOpaque(this)) {
      SEARCHING.setOpaque(this, false);
    }
  }

  /** Has the next loop that comes along help {@code loop}, and wakes one if all others wait. */
  void announceHeld(Loop loop) {
    HELD.setVolatile(this, loop); // before the others are woken
    boolean _ = callOther(loop);
  }

  /** A loop that {@code helper} is to help; null if there is none. */
  @Nullable
  Loop takeHeld(Loop helper) {
    Loop loop = (Loop) HELD.getOpaque(this);
    return loop != null && loop != helper && HELD.compareAndSet(this, loop, null) ? loop : null;
  }
}
