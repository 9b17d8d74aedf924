package io.github.epollo.testkit.sim.disk;

import org.jspecify.annotations.Nullable;

/**
 * Where a path leads.
 *
 * @param directory the directory that holds the last name
 * @param name the last name; {@code .} or {@code ..} if the path ends so, empty for the root
 * @param node what it stands for, or null if there is nothing
 * @param slash whether the path ends with a slash, which only directories may
 */
public record Place(Directory directory, String name, @Nullable Node node, boolean slash) {
  /** Whether the last part is a name that can be made or removed. */
  public boolean isName() {
    return !name.isEmpty() && !name.equals(".") && !name.equals("..");
  }
}
