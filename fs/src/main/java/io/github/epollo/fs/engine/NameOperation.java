package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;

/** The system calls on names that a {@link NameCall} can make, each in its form for threads and, where there is one, in its form for rings. */
public enum NameOperation {
  /** openat(2): flags, mode. */
  OPEN("openat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.openat(c.directory(), c.path(), c.flags(), c.mode());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_OPENAT, c.directory()).address(c.path()).length(c.mode()).operationFlags(c.flags());
      return true;
    }
  },

  /** statx(2) into {@link NameCall#status}: flags. */
  STATUS("statx") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.statx(c.directory(), c.path(), c.flags(), c.mode(), c.structAddress());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_STATX, c.directory()).address(c.path()).length(c.mode()).operationFlags(c.flags())
          .offset(c.structAddress());
      return true;
    }
  },

  /** mkdirat(2): mode. */
  MAKE_DIRECTORY("mkdirat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.mkdirat(c.directory(), c.path(), c.mode());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_MKDIRAT, c.directory()).address(c.path()).length(c.mode());
      return true;
    }
  },

  /** unlinkat(2): flags. */
  UNLINK("unlinkat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.unlinkat(c.directory(), c.path(), c.flags());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_UNLINKAT, c.directory()).address(c.path()).operationFlags(c.flags());
      return true;
    }
  },

  /** renameat2(2) to the other name: flags. */
  RENAME("renameat2") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.renameat2(c.directory(), c.path(), c.otherDirectory(), c.otherPath(), c.flags());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      c.describeTwo(entry, IoUring.OP_RENAMEAT);
      return true;
    }
  },

  /** linkat(2): the other name is the new one; flags. */
  LINK("linkat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.linkat(c.directory(), c.path(), c.otherDirectory(), c.otherPath(), c.flags());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      c.describeTwo(entry, IoUring.OP_LINKAT);
      return true;
    }
  },

  /**
   * linkat(2) to {@link NameCall#temporary} in the other name's directory, and renameat2(2) from there to the other name,
   * one right after the other: a process that is killed in between leaves the temporary name. With the flags of linkat;
   * by threads only.
   */
  LINK_AND_RENAME("linkat and renameat2") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      int linked = kernel.linkat(c.directory(), c.path(), c.otherDirectory(), c.structAddress(), c.flags());
      if (linked < 0) {
        return linked;
      }
      int renamed = kernel.renameat2(c.otherDirectory(), c.structAddress(), c.otherDirectory(), c.otherPath(), 0);
      if (renamed < 0) {
        int _ = kernel.unlinkat(c.otherDirectory(), c.structAddress(), 0); // the failure that is told is the first
      }
      return renamed;
    }
  },

  /** symlinkat(2): a link at the name that says the other. */
  SYMBOLIC_LINK("symlinkat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.symlinkat(c.otherPath(), c.directory(), c.path());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_SYMLINKAT, c.directory()).address(c.otherPath()).offset(c.path());
      return true;
    }
  },

  /** readlinkat(2) into {@link NameCall#text}. */
  READ_LINK("readlinkat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.readlinkat(c.directory(), c.path(), c.otherPath(), Name.MAX);
    }
  },

  /** fchmodat(2): mode. */
  CHANGE_MODE("fchmodat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.fchmodat(c.directory(), c.path(), c.mode());
    }
  },

  /** utimensat(2) of {@link NameCall#times}: flags. */
  CHANGE_TIMES("utimensat") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.utimensat(c.directory(), c.path(), c.structAddress(), c.flags());
    }
  },

  /** fsync(2) of {@link Name#itself}. */
  SYNC("fsync") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.fsync(c.directory());
    }

    @Override
    boolean describe(SubmissionEntry entry, NameCall c) {
      entry.operation(IoUring.OP_FSYNC, c.directory());
      return true;
    }
  },

  /** statfs(2) into {@link NameCall#fileSystem}. */
  FILE_SYSTEM("statfs") {
    @Override
    long call(FileKernel kernel, NameCall c) {
      return kernel.statfs(c.path(), c.structAddress());
    }
  };

  private final String text;

  NameOperation(String text) {
    this.text = text;
  }

  abstract long call(FileKernel kernel, NameCall c);

  boolean describe(SubmissionEntry entry, NameCall c) {
    return false;
  }

  /** The C function. */
  @Override
  public String toString() {
    return text;
  }
}
