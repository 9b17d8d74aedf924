package io.github.epollo.fs;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.FileTransfer;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@link AsyncFiles#copy}: to a {@link StagedFile}, so that there is never half a target. */
final class FileCopy {
  private static final int BLOCK = 512; // of FileMetadata.blocks

  private final Names names;
  private final boolean replace;
  private final boolean keepAttributes;
  private final boolean follow;

  private FileCopy(Names names, boolean replace, boolean keepAttributes, boolean follow) {
    this.names = names;
    this.replace = replace;
    this.keepAttributes = keepAttributes;
    this.follow = follow;
  }

  /**
   * A copy as {@code options} say.
   *
   * @throws UnsupportedOperationException if one of them is for something else
   */
  static FileCopy of(Names names, CopyOption... options) {
    boolean replace = false;
    boolean keepAttributes = false;
    boolean follow = true;
    for (CopyOption option : options) {
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = true;
      } else if (option == StandardCopyOption.COPY_ATTRIBUTES) {
        keepAttributes = true;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else {
        throw new UnsupportedOperationException(
            "cannot copy with " + option + ": use REPLACE_EXISTING, COPY_ATTRIBUTES or NOFOLLOW_LINKS");
      }
    }
    return new FileCopy(names, replace, keepAttributes, follow);
  }

  void copy(Path source, Path target, @Nullable LongConsumer progress) throws IOException {
    Name from = Name.of(source);
    Name to = Name.of(target);
    FileIdentity there = names.statusIfPresent(to, false, FileIdentity::of);
    if (there != null && there.equals(names.status(from, follow, FileIdentity::of))) {
      return; // as in the JDK: a file that is copied to itself stays as it is
    }
    if (there != null && !replace) {
      throw Errno.toFileException("copy", target.toString(), null, Errno.EEXIST);
    }
    if (!follow && names.status(from, false, s -> FileType.ofMode(s.mode())) == FileType.SYMBOLIC_LINK) {
      copyLink(from, to, target);
    } else {
      copyFile(from, target, progress);
    }
  }

  private void copyLink(Name from, Name to, Path target) throws IOException {
    Name text = new Name(null, names.readLink(from), from);
    if (!replace) {
      names.symbolicLink(to, text);
      return;
    }
    Path parent = target.getParent();
    Path hidden = (parent == null ? Path.of("") : parent).resolve(".epollo-" + RandomName.create() + ".tmp");
    Name meanwhile = Name.of(hidden);
    boolean done = false;
    try {
      names.symbolicLink(meanwhile, text);
      names.rename(meanwhile, to, 0);
      done = true;
    } finally {
      if (!done) {
        names.removeShielded(meanwhile);
      }
    }
  }

  private void copyFile(Name from, Path target, @Nullable LongConsumer progress) throws IOException {
    // O_NONBLOCK: a FIFO is not waited for, but refused
    Fd source = names.open(from,
        FileFlags.O_RDONLY | FileFlags.O_NONBLOCK | FileFlags.O_NOCTTY | (follow ? 0 : FileFlags.O_NOFOLLOW), 0);
    try {
      FileMetadata metadata = names.status(Name.itself(source, from), true, FileMetadata::of);
      if (!metadata.isRegularFile()) {
        throw new FileSystemException(from.toString(), target.toString(),
            "cannot copy what is no regular file, but " + metadata.type());
      }
      try (StagedFile staged = StagedFile.create(names, target, metadata.mode() & 0777)) {
        transfer(source, staged, metadata, progress, from);
        if (keepAttributes) {
          staged.file().setPermissions(metadata.mode());
          staged.file().setTimes(metadata.accessed(), metadata.modified());
        }
        staged.publish(replace);
      }
    } finally {
      source.close();
    }
  }

  private void transfer(Fd source, StagedFile staged, FileMetadata metadata, @Nullable LongConsumer progress, Name from)
      throws IOException {
    FileTransfer transfer = new FileTransfer(names.context(), source, staged.fd(), metadata.size(),
        metadata.blocks() * BLOCK < metadata.size());
    while (!transfer.hasEnded()) {
      FileCall step = transfer.step();
      long result = CallWait.forOutcome(step);
      step.end();
      if (result < 0) {
        throw Errno.toFileException("copy_file_range", from.toString(), staged.target().toString(), (int) -result);
      }
      if (progress != null) {
        progress.accept(transfer.offset());
      }
    }
  }
}
