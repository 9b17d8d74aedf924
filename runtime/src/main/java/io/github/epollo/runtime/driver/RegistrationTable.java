package io.github.epollo.runtime.driver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each registration a key of (generation, slot), and finds it again. The generation of a slot grows each time the slot is given
 * back, so the key of a closed registration finds nothing, even if its slot has a new tenant.
 *
 * <p><b>Threading:</b> every method may be called from any thread; none of them blocks.
 */
final class RegistrationTable {
  /*
   * Slots live in chunks that are made once and never moved, so that a reader needs no lock while the table grows.
   * Free slots form a stack (R. K. Treiber, "Systems Programming: Coping with Parallelism", 1986). Its head carries a version, which
   * changes with each operation, against the ABA problem:
   *
   *    63        32 31          0
   *   +------------+------------+
   *   |  version   |  slot + 1  |   0 = no free slot
   *   +------------+------------+
   *
   * A slot's cell goes  free -> (put) -> tenant -> (remove: generation + 1) -> free.  Only the thread that took the slot from the
   * stack, and later the one that won remove(), writes to it.
   */
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int MAX_CHUNKS = 1 << 10; // 1.05 million slots, Linux' own default limit of open files
  private static final long SLOT_MASK = 0xffff_ffffL;

  private static final VarHandle FREE;
  private static final VarHandle USED;
  private static final VarHandle TENANTS = MethodHandles.arrayElementVarHandle(Registration[].class);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FREE = lookup.findVarHandle(RegistrationTable.class, "free", long.class);
      USED = lookup.findVarHandle(RegistrationTable.class, "used", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Chunk {
    final @Nullable Registration[] tenants = new Registration[CHUNK_SIZE];
    final int[] generations = new int[CHUNK_SIZE];
    final int[] nextFree = new int[CHUNK_SIZE]; // slot + 1
  }

  private final AtomicReferenceArray<Chunk> chunks = new AtomicReferenceArray<>(MAX_CHUNKS);
  private final int generationMask;
  private volatile long free;
  private volatile int used; // slots ever taken: the next fresh one

  RegistrationTable() {
    this(32);
  }

  /** For tests: fewer bits make generations wrap soon. */
  RegistrationTable(int generationBits) {
    this.generationMask = generationBits == 32 ? -1 : (1 << generationBits) - 1;
  }

  /** Takes a slot and returns its key; the slot has no tenant before {@link #put}. */
  long take() {
    while (true) {
      long head = free;
      int slot = (int) (head & SLOT_MASK) - 1;
      if (slot < 0) {
        slot = (int) USED.getAndAdd(this, 1);
        if (slot >= MAX_CHUNKS * CHUNK_SIZE) {
          USED.getAndAdd(this, -1);
          throw new IllegalStateException(
              "cannot register more than " + MAX_CHUNKS * CHUNK_SIZE + " file descriptors with one loop");
        }
        return key(generation(chunkFor(slot), slot), slot);
      }
      Chunk chunk = chunk(slot);
      int next = (int) INTS.getAcquire(chunk.nextFree, index(slot)); // pairs with remove()
      if (FREE.compareAndSet(this, head, withVersion(head, next))) {
        return key(generation(chunk, slot), slot);
      }
    }
  }

  /** Makes {@code registration} the tenant of the slot that {@code key} was {@linkplain #take taken} for. */
  void put(long key, Registration registration) {
    int slot = slot(key);
    TENANTS.setRelease(chunk(slot).tenants, index(slot), registration); // pairs with find()
  }

  /** Returns the tenant of {@code key}; null if it has none any more, or never had. */
  @Nullable
  Registration find(long key) {
    int slot = slot(key);
    Chunk chunk = slot >= 0 && slot < MAX_CHUNKS * CHUNK_SIZE ? chunks.getAcquire(slot >>> CHUNK_BITS) : null;
    if (chunk == null) {
      return null;
    }
    Registration tenant = (Registration) TENANTS.getAcquire(chunk.tenants, index(slot)); // pairs with put()
    return tenant != null && tenant.key() == key ? tenant : null;
  }

  /** Gives the slot of {@code key} back. The caller is the only one that removes this key. */
  void remove(long key) {
    int slot = slot(key);
    Chunk chunk = chunk(slot);
    int i = index(slot);
    TENANTS.setRelease(chunk.tenants, i, null);
    INTS.setRelease(chunk.generations, i, (generation(chunk, slot) + 1) & generationMask);
    while (true) {
      long head = free;
      INTS.setRelease(chunk.nextFree, i, (int) (head & SLOT_MASK)); // pairs with take()
      if (FREE.compareAndSet(this, head, withVersion(head, slot + 1))) {
        return;
      }
    }
  }

  /** Calls {@code action} with each tenant; those that come or go meanwhile may be seen or not. */
  void forEach(Consumer<Registration> action) {
    int end = Math.min(used, MAX_CHUNKS * CHUNK_SIZE); // take() may be one too far for a moment
    for (int slot = 0; slot < end; slot++) {
      Chunk chunk = chunks.getAcquire(slot >>> CHUNK_BITS);
      if (chunk != null) {
        Registration tenant = (Registration) TENANTS.getAcquire(chunk.tenants, index(slot));
        if (tenant != null) {
          action.accept(tenant);
        }
      }
    }
  }

  /** How many tenants there are. */
  int size() {
    int[] count = new int[1];
    forEach(_ -> count[0]++);
    return count[0];
  }

  private Chunk chunk(int slot) {
    return Objects.requireNonNull(chunks.getAcquire(slot >>> CHUNK_BITS));
  }

  private Chunk chunkFor(int slot) {
    int c = slot >>> CHUNK_BITS;
    Chunk chunk = chunks.getAcquire(c);
    if (chunk == null) {
      chunks.compareAndSet(c, null, new Chunk());
      chunk = Objects.requireNonNull(chunks.getAcquire(c));
    }
    return chunk;
  }

  private static int generation(Chunk chunk, int slot) {
    return (int) INTS.getAcquire(chunk.generations, index(slot));
  }

  private static int index(int slot) {
    return slot & (CHUNK_SIZE - 1);
  }

  private static long withVersion(long head, int slotPlusOne) {
    return ((head & ~SLOT_MASK) + (1L << 32)) | slotPlusOne;
  }

  static long key(int generation, int slot) {
    return ((long) generation << 32) | slot;
  }

  static int slot(long key) {
    return (int) key;
  }

  static int generation(long key) {
    return (int) (key >>> 32);
  }
}
