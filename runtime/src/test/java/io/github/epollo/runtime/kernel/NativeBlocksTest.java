package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NativeBlocksTest {
  @Test
  void aBlockGivenBackIsTakenAgain() {
    NativeBlocks blocks = new NativeBlocks(4);
    NativeBlock block = blocks.take();
    assertThat(blocks.take()).isNotSameAs(block);
    blocks.give(block);
    assertThat(blocks.take()).isSameAs(block);
  }

  @Test
  void keepsTheFirstAndAsManyAsItsSlots() {
    NativeBlocks blocks = new NativeBlocks(2);
    List<NativeBlock> first = List.of(blocks.take(), blocks.take(), blocks.take(), blocks.take());
    first.forEach(blocks::give);
    List<NativeBlock> second = List.of(blocks.take(), blocks.take(), blocks.take(), blocks.take());
    assertThat(second).filteredOn(first::contains).hasSize(3);
  }

  /** glibc writes its own links into the first bytes of freed memory, so a block freed too early shows. */
  @Test
  void theBytesOfABlockSurviveCollections() {
    List<NativeBlock> blocks = IntStream.range(0, 100).mapToObj(i -> new NativeBlock()).toList();
    blocks.forEach(block -> block.memory().fill((byte) 0x5c));
    for (int i = 0; i < 20; i++) {
      System.gc();
      for (NativeBlock block : blocks) {
        byte[] bytes = new byte[NativeBlock.SIZE];
        NativeMemory.read(block.address(), bytes, 0, bytes.length);
        assertThat(bytes).containsOnly(0x5c);
      }
    }
  }

  @Test
  void slotsAreAPowerOfTwo() {
    assertThatIllegalArgumentException().isThrownBy(() -> new NativeBlocks(3));
    assertThatIllegalArgumentException().isThrownBy(() -> new NativeBlocks(0));
  }

  @Test
  void neverInTwoHandsAtOnce() throws InterruptedException {
    NativeBlocks blocks = new NativeBlocks(2);
    Set<NativeBlock> held = ConcurrentHashMap.newKeySet();
    AtomicInteger shared = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 100_000; i++) {
                      NativeBlock block = blocks.take();
                      if (!held.add(block)) {
                        shared.incrementAndGet();
                      }
                      held.remove(block);
                      blocks.give(block);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(shared).hasValue(0);
  }
}
