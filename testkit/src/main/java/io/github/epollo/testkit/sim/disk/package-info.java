/**
 * A disk in memory with POSIX's file system on it: inodes, names, page cache, and what a crash leaves of them. Knows no file descriptors, which are {@code sim.files}'. Everything is
 * for callers that hold the world's lock.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.testkit.sim.disk;
