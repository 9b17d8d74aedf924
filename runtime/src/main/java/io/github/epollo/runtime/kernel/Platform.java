package io.github.epollo.runtime.kernel;

import org.jspecify.annotations.Nullable;

/** What the JVM says of the machine, and whether {@link LinuxKernel} runs there. */
record Platform(String osName, String osArch, String javaVersion) {
  /** The platform of this JVM. */
  static Platform current() {
    return new Platform(property("os.name"), property("os.arch"), property("java.version"));
  }

  /** Throws unless this is Linux on x86-64 or aarch64. */
  void requireSupported() {
    if (!osName.equals("Linux")) {
      throw unsupported("the operating system is not Linux", null);
    }
    switch (osArch) {
      case "amd64", "x86_64", "aarch64" -> {}
      default -> throw unsupported("the architecture is neither x86-64 nor aarch64", null);
    }
  }

  /** The exception that says why, what was found, and what is needed. */
  UnsupportedPlatformException unsupported(String reason, @Nullable Throwable cause) {
    return new UnsupportedPlatformException(
        """
        Epollo cannot make system calls here: %s
          found:  os.name=%s, os.arch=%s, java.version=%s%s
          needed: Linux on x86-64 or aarch64, with glibc
                  java --enable-native-access=ALL-UNNAMED (on the module path: =io.github.epollo.runtime)"""
            .formatted(reason, osName, osArch, javaVersion, describe(cause)),
        cause);
  }

  private static String describe(@Nullable Throwable cause) {
    return cause == null ? "" : System.lineSeparator() + "  cause:  " + cause;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
