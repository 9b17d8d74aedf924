package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C functions with more than five arguments, called through {@link Linker}: jnr-ffi 2.3.0 passes garbage as the sixth on x86-64. Results are {@code >= 0} or {@code -errno}.
 *
 * <p>{@code state} is memory of at least 4 bytes, in which the call leaves errno: {@link NativeBlock}'s first ones.
 *
 * <p>Needs {@code --enable-native-access} for this module (on the class path: {@code ALL-UNNAMED}). The first use links them, some tens of milliseconds.
 */
final class SixArgumentCalls {
  private static final long IO_URING_ENTER = 426; // on both architectures
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x8001;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
      .varHandle(StructLayout.PathElement.groupElement("errno"));
  private static final MethodHandle COPY_FILE_RANGE = link("copy_file_range",
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SPLICE = link("splice",
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MMAP = link("mmap",
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle SYSCALL = link("syscall",
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

  private SixArgumentCalls() {}

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type,
        Linker.Option.captureCallState("errno"));
  }

  static long copyFileRange(MemorySegment state, int in, long inOffsetAddress, int out, long outOffsetAddress,
      long length) {
    try {
      return result(state,
          (long) COPY_FILE_RANGE.invokeExact(state, in, inOffsetAddress, out, outOffsetAddress, length, 0));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long splice(MemorySegment state, int in, long inOffsetAddress, int out, long outOffsetAddress, long length,
      int flags) {
    try {
      return result(state, (long) SPLICE.invokeExact(state, in, inOffsetAddress, out, outOffsetAddress, length, flags));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long mmap(MemorySegment state, long length, int fd, long offset) {
    try {
      return result(state,
          (long) MMAP.invokeExact(state, 0L, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long ioUringEnter(MemorySegment state, int fd, int toSubmit, int minComplete, int flags) {
    try {
      return result(state,
          (long) SYSCALL.invokeExact(state, IO_URING_ENTER, fd, toSubmit, minComplete, flags, 0L, 0L));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  private static long result(MemorySegment state, long returned) {
    return returned != -1 ? returned : -(int) ERRNO.get(state, 0L);
  }

  /** A linked call throws nothing that is checked. */
  private static RuntimeException impossible(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }
}
