package io.github.epollo.fs;

import io.github.epollo.fs.engine.DirectoryRead;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.Fd;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A directory on a {@link TreeDescent}: what is known of it, and what is to be done in it. Used by one thread at a time. */
final class TreeLevel {
  final @Nullable TreeLevel parent;
  final byte[] name;

  /** Whether its name is a link, so that {@code ..} leads elsewhere. */
  final boolean throughLink;

  private final Queue<DirectoryRead.Entry> pending = new ArrayDeque<>();
  private final @Nullable Path start;

  /** Null while too many others are open. */
  @Nullable Fd fd;

  /** Which directory it is; known before {@link #fd} is closed. */
  @Nullable FileIdentity identity;

  /** Whether all entries were read. */
  boolean exhausted;

  /** How often its entries were read from the first on. */
  int scans;

  /** The directory where a descent begins, which messages call {@code start}. */
  TreeLevel(Path start, Fd fd) {
    this.parent = null;
    this.name = new byte[0];
    this.throughLink = false;
    this.start = start;
    this.fd = fd;
  }

  /** The directory {@code name} in {@code parent}. */
  TreeLevel(TreeLevel parent, byte[] name, boolean throughLink, Fd fd) {
    this.parent = parent;
    this.name = name;
    this.throughLink = throughLink;
    this.start = null;
    this.fd = fd;
  }

  /** The open directory. */
  Fd open() {
    Fd open = fd;
    if (open == null) {
      throw new IllegalStateException(this + " is not open");
    }
    return open;
  }

  /** A name in it. */
  Name child(byte[] child) {
    return new Name(open(), child, new Object() {
      @Override
      public String toString() {
        return path().resolve(PathBytes.toPath(child)).toString();
      }
    });
  }

  void add(List<DirectoryRead.Entry> entries) {
    pending.addAll(entries);
  }

  DirectoryRead.@Nullable Entry next() {
    return pending.poll();
  }

  /** The path, as far as names tell it; made when it is asked for. */
  Path path() {
    if (start != null) {
      return start;
    }
    ArrayDeque<byte[]> names = new ArrayDeque<>();
    TreeLevel level = this;
    while (level.parent != null) {
      names.push(level.name);
      level = level.parent;
    }
    Path path = level.path();
    for (byte[] each : names) {
      path = path.resolve(PathBytes.toPath(each));
    }
    return path;
  }

  @Override
  public String toString() {
    return path().toString();
  }
}
