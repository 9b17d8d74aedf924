package io.github.epollo.runtime.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one class that reaches into the JDK: virtual threads with a scheduler of our own. It needs {@code java.lang} opened to this module; without
 * that, or on a JDK with other internals, {@link #unavailableBecause} says why, and only {@link #defaultBuilder} and {@link #currentCarrier} may be used.
 */
@SuppressWarnings("NullAway") // the handles are null only if unavailableBecause() is not, which every caller has asked
final class VirtualThreads {
  /*
   * Used of the JDK (25), all in java.lang:
   *
   *   ThreadBuilders.VirtualThreadBuilder(Executor)   a builder whose threads are scheduled by the executor
   *   VirtualThread.defaultScheduler()                the JDK's own scheduler
   *   Thread.currentCarrierThread()                   the platform thread under the current thread
   *   VirtualThread.getAndSetParkPermit, setState, yieldContinuation
   *                                                   what VirtualThread.park() is made of, see park()
   *   VirtualThread.carrierThread                     for messages only
   */
  private static final int STATE_RUNNING = 2;
  private static final int STATE_PARKING = 3;

  private static final @Nullable MethodHandle NEW_BUILDER;
  private static final @Nullable Executor DEFAULT_SCHEDULER;
  private static final @Nullable MethodHandle CURRENT_CARRIER;
  private static final @Nullable MethodHandle TAKE_PERMIT;
  private static final @Nullable MethodHandle SET_STATE;
  private static final @Nullable MethodHandle YIELD;
  private static final @Nullable MethodHandle CARRIER_OF; // null: nobody can tell, and nothing else depends on it
  private static final @Nullable String UNAVAILABLE_BECAUSE;

  static {
    MethodHandle newBuilder = null;
    Executor defaultScheduler = null;
    MethodHandle currentCarrier = null;
    MethodHandle takePermit = null;
    MethodHandle setState = null;
    MethodHandle yield = null;
    String reason = null;
    try {
      MethodHandles.Lookup own = MethodHandles.lookup();
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, own);
      Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
      Constructor<?> constructor = builder.getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      newBuilder = own.unreflectConstructor(constructor)
          .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
      currentCarrier = lookup.findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
      Class<?> virtual = Class.forName("java.lang.VirtualThread");
      MethodHandles.Lookup inVirtual = MethodHandles.privateLookupIn(virtual, own);
      takePermit = inVirtual
          .findVirtual(virtual, "getAndSetParkPermit", MethodType.methodType(boolean.class, boolean.class))
          .asType(MethodType.methodType(boolean.class, Thread.class, boolean.class));
      setState = inVirtual.findVirtual(virtual, "setState", MethodType.methodType(void.class, int.class))
          .asType(MethodType.methodType(void.class, Thread.class, int.class));
      yield = inVirtual.findVirtual(virtual, "yieldContinuation", MethodType.methodType(boolean.class))
          .asType(MethodType.methodType(boolean.class, Thread.class));
      defaultScheduler = (Executor) inVirtual
          .findStatic(virtual, "defaultScheduler", MethodType.methodType(Executor.class)).invoke();
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      reason = "java.lang is not open to Epollo";
    } catch (Throwable t) {
      reason = "this JDK's virtual threads are built differently (" + t + ")";
    }
    NEW_BUILDER = newBuilder;
    DEFAULT_SCHEDULER = defaultScheduler;
    CURRENT_CARRIER = currentCarrier;
    TAKE_PERMIT = takePermit;
    SET_STATE = setState;
    YIELD = yield;
    CARRIER_OF = reason == null ? findCarrier() : null;
    UNAVAILABLE_BECAUSE = reason;
  }

  private VirtualThreads() {}

  private static @Nullable MethodHandle findCarrier() {
    try {
      Class<?> virtual = Class.forName("java.lang.VirtualThread");
      return MethodHandles.privateLookupIn(virtual, MethodHandles.lookup())
          .findGetter(virtual, "carrierThread", Thread.class)
          .asType(MethodType.methodType(Thread.class, Thread.class));
    } catch (ReflectiveOperationException e) {
      return null; // messages say less
    }
  }

  /** The platform thread that runs {@code virtual} right now; null if none does, or if that cannot be told. */
  static @Nullable Thread carrierOf(Thread virtual) {
    if (CARRIER_OF == null || !virtual.isVirtual()) {
      return null;
    }
    try {
      return (Thread) CARRIER_OF.invokeExact(virtual);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Why the JDK's internals cannot be reached; null if they can. Whether they work is for {@link CarrierSelfTest}. */
  static @Nullable String unavailableBecause() {
    return UNAVAILABLE_BECAUSE;
  }

  /** A builder of virtual threads whose continuations go to {@code scheduler}. */
  static Thread.Builder.OfVirtual builder(Executor scheduler) {
    try {
      return (Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(scheduler);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** A builder of virtual threads on the JDK's own scheduler, whoever calls it: the JDK's builder hands the caller's scheduler on. */
  static Thread.Builder.OfVirtual defaultBuilder() {
    return DEFAULT_SCHEDULER == null ? Thread.ofVirtual() : builder(DEFAULT_SCHEDULER);
  }

  /** The platform thread that runs the caller. */
  static Thread currentCarrier() {
    if (UNAVAILABLE_BECAUSE != null) {
      return Thread.currentThread();
    }
    try {
      return (Thread) CURRENT_CARRIER.invokeExact();
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Parks the current virtual thread as {@link LockSupport#park()} does, except where it is pinned: there it does not block the carrier, which is
   * the loop, but returns false.
   */
  static boolean park(Thread current) {
    try {
      if ((boolean) TAKE_PERMIT.invokeExact(current, false) || current.isInterrupted()) {
        return true;
      }
      SET_STATE.invokeExact(current, STATE_PARKING);
      boolean yielded = false;
      try {
        yielded = (boolean) YIELD.invokeExact(current);
      } finally {
        if (!yielded) {
          SET_STATE.invokeExact(current, STATE_RUNNING);
        }
      }
      return yielded;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Makes the JDK create the virtual threads that poll sockets for it (sun.nio.ch.Poller) now, from a platform thread. The first to block on a JDK
   * socket creates them, and a virtual thread inherits its creator's scheduler: created in a task they would live on that task's loop, and
   * when it stalls or ends, no virtual thread of the JVM could wait for a JDK socket any more.
   */
  static void startSocketPollers() {
    try {
      Class.forName("sun.nio.ch.Poller");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this JDK has no sun.nio.ch.Poller", e);
    }
  }

  private static RuntimeException unexpected(Throwable t) {
    return switch (t) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(t);
    };
  }
}
