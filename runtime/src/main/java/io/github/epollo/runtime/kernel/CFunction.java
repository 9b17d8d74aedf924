package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C library, linked by {@link Linker}.
 *
 * <p>All are linked with one and the same type, seven {@code long}s to a {@code long}, since each further type takes the JVM some 10 ms to begin with. In the ABIs of both architectures an integer or an address takes a register, or a place on
 * the stack, as wide as a {@code long}; a function looks at the part that its own parameter has, and at no more parameters than it has. Of a result that is an {@code int}, only the lower half counts.
 *
 * <p>Needs {@code --enable-native-access} for this module (on the class path: {@code ALL-UNNAMED}).
 */
final class CFunction {
  /** Calls kept: more than there are cores that make them at one moment. */
  private static final int CALLS = 32;

  private static final FunctionDescriptor TYPE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
      JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final Linker LINKER = Linker.nativeLinker();

  private CFunction() {}

  /**
   * A handle of {@code (MemorySegment state, long a, …, long g) -> long}; the first is {@link Call#state}.
   *
   * @throws java.util.NoSuchElementException if the C library has no such function
   * @throws IllegalCallerException if native access is denied to this module
   */
  @SuppressWarnings("restricted")
  static MethodHandle link(String name) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), TYPE,
        Linker.Option.captureCallState("errno"));
  }

  /** Where a call leaves errno before the thread is Java's again: later a garbage collection could change it. From a pool, since one is needed for each call under way. */
  static final class Call {
    private static final Pool<Call> POOL = new Pool<>(CALLS, Call::new);
    private static final long ERRNO = Linker.Option.captureStateLayout()
        .byteOffset(PathElement.groupElement("errno"));

    private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    static Call begin() {
      return POOL.take();
    }

    MemorySegment state() {
      return state;
    }

    /** What a function answered, or -errno if that was -1. */
    long result(long returned) {
      return returned != -1 ? returned : -errno();
    }

    /** As {@link #result}, of a function that answers an {@code int}. */
    int intResult(long returned) {
      int half = (int) returned;
      return half != -1 ? half : -errno();
    }

    private int errno() {
      return state.get(JAVA_INT, ERRNO);
    }

    void end() {
      POOL.give(this);
    }
  }

  /** A call of a function that is not made often. */
  static long call(MethodHandle function, long a, long b, long c, long d, long e, long f) {
    Call call = Call.begin();
    try {
      return call.result((long) function.invokeExact(call.state(), a, b, c, d, e, f, 0L));
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      call.end();
    }
  }

  /** As {@link #call}, of a function that answers an {@code int}. */
  static int intCall(MethodHandle function, long a, long b, long c, long d, long e) {
    Call call = Call.begin();
    try {
      return call.intResult((long) function.invokeExact(call.state(), a, b, c, d, e, 0L, 0L));
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      call.end();
    }
  }

  /** What a call has thrown: no function does, but the JVM may run out of memory or stack. */
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }
}
