package io.github.epollo.testkit.sim.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of a file is not on the disk for sure: for each changed page what it held before, from the last sync on; and the sizes that the file had. The disk may have written any of these by itself, sector by
 * sector, in any order.
 */
final class Unsynced {
  /** What a device writes as a whole. */
  static final int SECTOR = 512;

  private static final int KEPT = 6; // versions of a page, the one that was synced among them
  private static final byte[] HOLE = new byte[Disk.PAGE];

  private final TreeMap<Long, List<byte[]>> pages = new TreeMap<>();
  private final List<Long> sizes = new ArrayList<>();

  /** Page {@code index}, which holds {@code content} (null for a hole), is about to change. */
  void changing(long index, byte @Nullable [] content) {
    List<byte[]> versions = pages.computeIfAbsent(index, _ -> new ArrayList<>());
    if (versions.size() < KEPT) {
      versions.add(content == null ? HOLE : content.clone());
    }
  }

  /** The size, which is {@code size}, is about to change. */
  void resizing(long size) {
    if (sizes.size() < KEPT && (sizes.isEmpty() || sizes.getLast() != size)) {
      sizes.add(size);
    }
  }

  int pageCount() {
    return pages.size();
  }

  boolean isEmpty() {
    return pages.isEmpty() && sizes.isEmpty();
  }

  /** All of it is on the disk. */
  void clear() {
    pages.clear();
    sizes.clear();
  }

  /** One of the sizes, the present one among them. */
  long size(long current, CrashChoice choice) {
    List<Long> candidates = new ArrayList<>(sizes);
    candidates.remove(current);
    candidates.addFirst(current);
    return candidates.get(choice.choose(candidates.size()));
  }

  /** The pages that a crash leaves, out of the present ones. */
  Map<Long, byte[]> pages(Map<Long, byte[]> current, CrashChoice choice) {
    Map<Long, byte[]> left = new TreeMap<>();
    current.forEach((index, content) -> left.put(index, content.clone()));
    pages.forEach((index, versions) -> {
      byte[] page = current.getOrDefault(index, HOLE).clone();
      for (int at = 0; at < Disk.PAGE; at += SECTOR) {
        List<byte[]> candidates = different(versions, page, at);
        byte[] chosen = candidates.get(choice.choose(candidates.size()));
        System.arraycopy(chosen, at, page, at, SECTOR);
      }
      left.put(index, page);
    });
    return left;
  }

  /** The present page, and those before it that differ in this sector. */
  private static List<byte[]> different(List<byte[]> versions, byte[] current, int at) {
    List<byte[]> candidates = new ArrayList<>();
    candidates.add(current.clone());
    for (byte[] version : versions) {
      if (candidates.stream().noneMatch(c -> Arrays.equals(c, at, at + SECTOR, version, at, at + SECTOR))) {
        candidates.add(version);
      }
    }
    return candidates;
  }
}
