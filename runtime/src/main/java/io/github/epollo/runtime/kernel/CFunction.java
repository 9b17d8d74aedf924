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
 * <p>Until the compiler has dealt with it, a call allocates 40 bytes.
 *
 * <p>Needs {@code --enable-native-access} for this module (on the class path: {@code ALL-UNNAMED}).
 */
record CFunction(MemorySegment address) {
  /** More than there are cores that make calls at one moment. */
  private static final int KEPT = 32;

  private static final FunctionDescriptor TYPE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
      JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final Linker LINKER = Linker.nativeLinker();

  /** {@code (MemorySegment function, MemorySegment state, long a, …, long g) -> long}: one handle, so that compiled code always knows it, whichever function it calls. */
  @SuppressWarnings("restricted") private static final MethodHandle CALL = LINKER.downcallHandle(TYPE,
      Linker.Option.captureCallState("errno"));

  private static final Pool<Call> CALLS = new Pool<>(KEPT, Call::new);

  /**
   * Looks a function up.
   *
   * @throws java.util.NoSuchElementException if the C library has no such function
   * @throws IllegalCallerException if native access is denied to this module
   */
  static CFunction named(String name) {
    return new CFunction(LINKER.defaultLookup().findOrThrow(name));
  }

  /** What the function answered, or -errno if that was -1. */
  long call(long a, long b, long c, long d, long e, long f, long g) {
    Call call = CALLS.take();
    try {
      long result = (long) CALL.invokeExact(address, call.state, a, b, c, d, e, f, g);
      return result != -1 ? result : -call.errno();
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      CALLS.give(call);
    }
  }

  /** As {@link #call}, of a function that answers an {@code int}. */
  int intCall(long a, long b, long c, long d, long e) {
    Call call = CALLS.take();
    try {
      int result = (int) (long) CALL.invokeExact(address, call.state, a, b, c, d, e, 0L, 0L);
      return result != -1 ? result : -call.errno();
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      CALLS.give(call);
    }
  }

  /** What a call has thrown: no function does, but the JVM may run out of memory or stack. */
  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }

  /** Where a call leaves errno before the thread is Java's again: later a garbage collection could change it. From a pool, since one is needed for each call under way. */
  private static final class Call {
    private static final long ERRNO = Linker.Option.captureStateLayout()
        .byteOffset(PathElement.groupElement("errno"));

    final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    int errno() {
      return state.get(JAVA_INT, ERRNO);
    }
  }
}
