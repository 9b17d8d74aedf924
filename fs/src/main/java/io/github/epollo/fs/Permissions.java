package io.github.epollo.fs;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Permissions as the bits of a mode, and as the JDK has them. */
final class Permissions {
  private static final int ALL = 07777;

  private Permissions() {}

  /** Throws if {@code mode} has bits that are no permissions. */
  static int require(int mode) {
    if ((mode & ~ALL) != 0) {
      throw new IllegalArgumentException(
          "not permissions: 0" + Integer.toOctalString(mode) + " has other bits than 07777; write them as octal, 0640");
    }
    return mode;
  }

  static int toMode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= bit(permission);
    }
    return mode;
  }

  static Set<PosixFilePermission> toSet(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & bit(permission)) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  private static int bit(PosixFilePermission permission) {
    return switch (permission) {
      case OWNER_READ -> 0400;
      case OWNER_WRITE -> 0200;
      case OWNER_EXECUTE -> 0100;
      case GROUP_READ -> 040;
      case GROUP_WRITE -> 020;
      case GROUP_EXECUTE -> 010;
      case OTHERS_READ -> 04;
      case OTHERS_WRITE -> 02;
      case OTHERS_EXECUTE -> 01;
    };
  }

  static int parse(String permissions) {
    try {
      return toMode(PosixFilePermissions.fromString(permissions));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not permissions: \"" + permissions + "\"; write them as \"rw-r-----\"", e);
    }
  }

  static String toString(int mode) {
    return PosixFilePermissions.toString(toSet(mode));
  }
}
