package io.github.epollo.runtime.kernel;

/** The {@link NativeBlock}s of a kernel, pooled. Callable from any thread. */
final class NativeBlocks {
  private final Pool<NativeBlock> pool;

  /** Keeps one, and {@code slots} more, a power of two. */
  NativeBlocks(int slots) {
    this.pool = new Pool<>(slots, NativeBlock::new);
  }

  /** A block that nobody else holds, with whatever bytes it had. */
  NativeBlock take() {
    return pool.take();
  }

  /** Gives a block back. It is alive until here, so call this after the native call that used its address. */
  void give(NativeBlock block) {
    pool.give(block);
  }
}
