package io.github.epollo.fs;

import java.nio.file.Path;

/**
 * A name in a directory, as {@link AsyncFiles#list} and {@link AsyncFiles#walk} find it.
 *
 * @param path the directory's path as it was given, and the name; it keeps names that are no valid text
 * @param type what it was when it was read; of a link that is followed, what the link points to
 * @param depth how many directories there are between it and the start: 0 is the start itself
 */
public record DirectoryEntry(Path path, FileType type, int depth) {}
