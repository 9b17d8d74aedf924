/** The calls on files, directories and pipes of one host, and its open files. Everything is for callers that hold the world's lock. */
@org.jspecify.annotations.NullMarked
package io.github.epollo.testkit.sim.files;
