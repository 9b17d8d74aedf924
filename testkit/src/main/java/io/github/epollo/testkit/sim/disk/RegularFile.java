package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A file with content: pages, of which those that were never written are holes. Some are in the page cache. */
public final class RegularFile extends Node {
  private static final long LARGEST = Long.MAX_VALUE & -Disk.PAGE;

  private final TreeMap<Long, byte[]> pages = new TreeMap<>();
  private final TreeSet<Long> resident = new TreeSet<>();
  private final Unsynced unsynced = new Unsynced();
  private final FileLocks locks = new FileLocks();
  private long size;

  RegularFile(Disk disk, int permissions) {
    super(disk, FileFlags.S_IFREG | permissions);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long pages() {
    return pages.size();
  }

  /** The locks on it. */
  public FileLocks locks() {
    return locks;
  }

  // ---- content

  /** Up to {@code length} bytes from {@code offset} on; fewer at the end. */
  public byte[] read(long offset, int length) {
    byte[] bytes = new byte[available(offset, length)];
    for (int done = 0; done < bytes.length;) {
      long at = offset + done;
      int within = (int) (at % Disk.PAGE);
      int count = Math.min(bytes.length - done, Disk.PAGE - within);
      byte[] page = pages.get(at / Disk.PAGE);
      if (page != null) {
        System.arraycopy(page, within, bytes, done, count);
      }
      done += count;
    }
    return bytes;
  }

  /** How many of {@code length} bytes from {@code offset} on there are. */
  public int available(long offset, int length) {
    return offset >= size ? 0 : (int) Math.min(length, size - offset);
  }

  /** Writes as much as there is room for; at least a byte, or it fails with ENOSPC. */
  public int write(long offset, byte[] bytes) {
    if (bytes.length == 0) {
      return 0;
    }
    if (offset >= LARGEST) {
      throw new FileError(Errno.EFBIG);
    }
    int done = 0;
    int most = (int) Math.min(bytes.length, LARGEST - offset);
    while (done < most) {
      long at = offset + done;
      byte[] page = pageToWrite(at / Disk.PAGE, done > 0);
      if (page == null) {
        break;
      }
      int within = (int) (at % Disk.PAGE);
      int count = Math.min(most - done, Disk.PAGE - within);
      System.arraycopy(bytes, done, page, within, count);
      done += count;
    }
    if (offset + done > size) {
      resize(offset + done);
    }
    touchModified();
    return done;
  }

  /** Null if the disk is full and {@code some} bytes were written already. */
  private byte @Nullable [] pageToWrite(long index, boolean some) {
    byte[] page = pages.get(index);
    if (page == null && disk.isFull() && some) {
      return null;
    }
    if (page == null) {
      disk.requireRoom(1);
    }
    disk.changed();
    unsynced.changing(index, page);
    if (page == null) {
      disk.take(1);
      page = new byte[Disk.PAGE];
      pages.put(index, page);
    }
    resident.add(index);
    return page;
  }

  private void resize(long newSize) {
    disk.changed();
    unsynced.resizing(size);
    size = newSize;
  }

  /** ftruncate(2). */
  public void truncate(long newSize) {
    if (newSize > LARGEST) {
      throw new FileError(Errno.EFBIG);
    }
    if (newSize < size) {
      clear(newSize, pageEnd(size));
    }
    if (newSize != size) {
      resize(newSize);
    }
    touchModified();
  }

  /** Has pages for a range, and the size reach over it unless {@code keepSize}. */
  public void allocate(long offset, long length, boolean keepSize) {
    if (length > LARGEST - offset) {
      throw new FileError(Errno.EFBIG);
    }
    long last = (offset + length - 1) / Disk.PAGE;
    long missing = 0;
    for (long i = offset / Disk.PAGE; i <= last; i++) {
      missing += pages.containsKey(i) ? 0 : 1;
      disk.requireRoom(missing);
    }
    for (long i = offset / Disk.PAGE; i <= last; i++) {
      if (!pages.containsKey(i)) {
        byte[] _ = pageToWrite(i, false);
      }
    }
    if (!keepSize && offset + length > size) {
      resize(offset + length);
    }
    touchModified();
  }

  /** Gives the range back: it reads as zeros. */
  public void punch(long offset, long length) {
    clear(offset, length > LARGEST - offset ? LARGEST : offset + length);
    touchModified();
  }

  /** Zeros from {@code from} to {@code to}; pages that are wholly in there become holes. */
  private void clear(long from, long to) {
    for (long index : pages.subMap(from / Disk.PAGE, (to + Disk.PAGE - 1) / Disk.PAGE).keySet().stream().toList()) {
      byte[] page = pages.get(index);
      disk.changed();
      unsynced.changing(index, page);
      int start = (int) Math.max(0, from - index * Disk.PAGE);
      int end = (int) Math.min(Disk.PAGE, to - index * Disk.PAGE);
      if (start == 0 && end == Disk.PAGE) {
        pages.remove(index);
        disk.give(1);
      } else {
        Arrays.fill(page, start, end, (byte) 0);
      }
    }
  }

  private static long pageEnd(long offset) {
    return (offset + Disk.PAGE - 1) / Disk.PAGE * Disk.PAGE;
  }

  /** The content stays: a crash may bring the name back. */
  @Override
  void free() {
    disk.give(pages.size());
  }

  // ---- the page cache

  /** How many of {@code length} bytes from {@code offset} on can be read at once, without the device. */
  public int cached(long offset, int length) {
    int count = available(offset, length);
    for (long i = offset / Disk.PAGE; i * Disk.PAGE < offset + count; i++) {
      if (!resident.contains(i)) {
        return (int) Math.max(0, i * Disk.PAGE - offset);
      }
    }
    return count;
  }

  /** How many pages of the range the device would have to read. */
  public int misses(long offset, int length) {
    int misses = 0;
    int count = available(offset, length);
    for (long i = offset / Disk.PAGE; i * Disk.PAGE < offset + count; i++) {
      misses += resident.contains(i) ? 0 : 1;
    }
    return misses;
  }

  /** Brings the range into the cache. */
  public void load(long offset, int length) {
    int count = available(offset, length);
    for (long i = offset / Disk.PAGE; i * Disk.PAGE < offset + count; i++) {
      resident.add(i);
    }
  }

  /** Whether a range can be overwritten in the cache: nothing has to be read, no space to be found. */
  public boolean isWritable(long offset, int length) {
    if (offset + length > size) {
      return false;
    }
    for (long i = offset / Disk.PAGE; i * Disk.PAGE < offset + length; i++) {
      if (!resident.contains(i) || !pages.containsKey(i)) {
        return false;
      }
    }
    return true;
  }

  /** Empties the cache: what is changed is written first, which is no promise that it stays. */
  void evict() {
    resident.clear();
    cached(false);
  }

  /** Has a range leave the cache. */
  public void evict(long offset, long length) {
    resident.subSet(offset / Disk.PAGE, pageEnd(Math.min(LARGEST - 1, offset + length)) / Disk.PAGE).clear();
  }

  // ---- crashes

  /** Pages that a sync would have to write. */
  public int unsyncedPages() {
    return unsynced.pageCount();
  }

  /** fsync(2). */
  public void sync() {
    if (!unsynced.isEmpty()) {
      disk.changed();
    }
    unsynced.clear();
  }

  /** Of the content. */
  long checksum() {
    CRC32C sum = new CRC32C();
    pages.forEach((index, page) -> {
      if (!Arrays.equals(page, new byte[Disk.PAGE])) { // else it reads as a hole does
        sum.update(Long.toString(index).getBytes(StandardCharsets.US_ASCII));
        sum.update(page);
      }
    });
    return sum.getValue();
  }

  /** What a crash leaves, as a file of {@code other}. */
  RegularFile crashed(Disk other, CrashChoice choice) {
    RegularFile left = new RegularFile(other, 0);
    copyTo(left);
    left.size = unsynced.size(size, choice);
    long end = left.size;
    for (Map.Entry<Long, byte[]> page : unsynced.pages(pages, choice).entrySet()) {
      if (page.getKey() * Disk.PAGE < end) {
        int over = (int) Math.max(0, (page.getKey() + 1) * Disk.PAGE - end);
        Arrays.fill(page.getValue(), Disk.PAGE - over, Disk.PAGE, (byte) 0);
        left.pages.put(page.getKey(), page.getValue());
      }
    }
    other.take(left.pages.size());
    return left;
  }
}
