package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
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
  private final Loop[] loops; // filled before the group is published

  private LoopGroup(int count) {
    this.loops = new Loop[count];
  }

  /**
   * Creates {@code count} loops, all or none; each runs once a thread calls its {@link Loop#runUntil}.
   *
   * @param name for messages and the names of threads; of several loops each has its index behind that
   * @param order which ready work runs next
   * @param chances what decides the choices of the code on the loop with an index
   * @param failures is told what work and wakers throw; must not throw itself
   * @throws IOException if the kernel refuses an epoll instance or an eventfd
   * @throws IllegalStateException if the carrier asked for cannot be had in this JVM
   */
  public static LoopGroup create(int count, String name, Kernel kernel, CarrierChoice choice, ReadyOrder order,
      IntFunction<Chance> chances, Consumer<Throwable> failures) throws IOException {
    LoopGroup group = new LoopGroup(count);
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
    return new LoopGroup(1);
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
}
