package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.disk.Place;
import io.github.epollo.testkit.sim.disk.RegularFile;
import io.github.epollo.testkit.sim.disk.Tree;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a simulated host: what a test puts onto it and finds on it, past the kernel, at once and without faults; and how it behaves. It is empty at first, but for {@code /tmp}.
 *
 * <p>Relative paths start from the root.
 *
 * <p><b>Threading:</b> every method may be called from any thread. None waits.
 */
public final class SimDisk {
  private final SimFileKernel kernel;
  private final SimWorld world;

  SimDisk(SimFileKernel kernel, SimWorld world) {
    this.kernel = kernel;
    this.world = world;
  }

  private <T> T locked(@Nullable Path path, Function<Disk, T> call) {
    world.lock();
    try {
      return call.apply(disk());
    } catch (FileError e) {
      throw new UncheckedIOException(
          Errno.toFileException("a simulated disk", path == null ? null : path.toString(), null, e.errno()));
    } finally {
      world.unlock();
    }
  }

  private Disk disk() {
    return kernel.files().disk();
  }

  private static String bytes(Path path) {
    return new String(path.toString().getBytes(UTF_8), ISO_8859_1);
  }

  /**
   * The content of a file.
   *
   * @throws UncheckedIOException with what Java's own file system throws, if there is no such file
   */
  public byte[] read(Path path) {
    return locked(path, disk -> {
      Place place = disk.find(disk.root(), bytes(path), true);
      if (!(place.node() instanceof RegularFile file)) {
        throw new FileError(place.node() == null ? Errno.ENOENT : Errno.EISDIR);
      }
      return file.read(0, (int) Math.min(file.size(), Integer.MAX_VALUE - 8));
    });
  }

  /**
   * Writes a file, in place of what it held; its directory must be there. All that was on the disk before is synced, too: no crash takes it away.
   *
   * @throws UncheckedIOException with what Java's own file system throws, if that fails
   */
  public void write(Path path, byte[] content) {
    Objects.requireNonNull(content, "content");
    int _ = locked(path, disk -> {
      Place place = disk.find(disk.root(), bytes(path), true);
      RegularFile file;
      if (place.node() == null) {
        file = new Tree(disk).create(place, 0644);
      } else if (place.node() instanceof RegularFile present) {
        file = present;
      } else {
        throw new FileError(Errno.EISDIR);
      }
      file.truncate(0);
      if (file.write(0, content) < content.length) {
        throw new FileError(Errno.ENOSPC);
      }
      disk.syncAll();
      return 0;
    });
  }

  /** Makes a directory, and those above it, where they are missing; synced as by {@link #write}. */
  public void createDirectories(Path path) {
    int _ = locked(path, disk -> {
      for (int i = 1; i <= path.getNameCount(); i++) {
        Place place = disk.find(disk.root(), bytes(path.subpath(0, i)), true);
        if (place.node() == null) {
          Directory _ = new Tree(disk).createDirectory(place, 0755);
        } else if (!(place.node() instanceof Directory)) {
          throw new FileError(Errno.ENOTDIR);
        }
      }
      disk.syncAll();
      return 0;
    });
  }

  /** Whether there is something at {@code path}; a link that points to nothing is not. */
  public boolean exists(Path path) {
    return locked(path, disk -> {
      try {
        return disk.find(disk.root(), bytes(path), true).node() != null;
      } catch (FileError e) {
        if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
          return false;
        }
        throw e;
      }
    });
  }

  /**
   * The names in a directory, sorted.
   *
   * @throws UncheckedIOException with what Java's own file system throws, if there is no such directory
   */
  public List<String> list(Path path) {
    return locked(path, disk -> {
      Place place = disk.find(disk.root(), bytes(path), true);
      if (!(place.node() instanceof Directory directory)) {
        throw new FileError(place.node() == null ? Errno.ENOENT : Errno.ENOTDIR);
      }
      return directory.after(0).values().stream()
          .map(entry -> new String(entry.name().getBytes(ISO_8859_1), UTF_8)).sorted().toList();
    });
  }

  /**
   * Sets how much fits; a terabyte by default. If more is used already, nothing more fits.
   *
   * @throws IllegalArgumentException if negative
   */
  public void capacity(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a disk cannot hold " + bytes + " bytes");
    }
    int _ = locked(null, disk -> {
      disk.capacity(bytes);
      return 0;
    });
  }

  /**
   * Sets how long the device takes for a page of 4096 bytes that is not in the page cache, and for every other call that a ring hands to a worker; 100 µs by default. Which calls take up to twice
   * as long the seed decides. A call that is made in place, as one in {@code Tasks.blocking} is, takes no time.
   *
   * @throws IllegalArgumentException if negative
   */
  public void latency(Duration latency) {
    if (latency.isNegative()) {
      throw new IllegalArgumentException("a disk cannot take " + latency + "; use Duration.ZERO for none");
    }
    int _ = locked(null, disk -> {
      disk.latency(latency.toNanos());
      return 0;
    });
  }

  /** Empties the page cache: the next reads need the device. */
  public void evict() {
    int _ = locked(null, disk -> {
      disk.evict();
      return 0;
    });
  }

  /** Has the kernel refuse io_uring from now on, as in most containers: files are then read and written by {@code FileBackend.POOL}. Before the first file is used. */
  public void forbidRings() {
    int _ = locked(null, _ -> {
      kernel.rings().forbid();
      return 0;
    });
  }
}
