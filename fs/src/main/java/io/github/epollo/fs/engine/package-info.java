/**
 * How calls on files are made without holding the loop. A {@link io.github.epollo.fs.engine.FileCall} is one system call that may block; a {@link
 * io.github.epollo.fs.engine.FileEngine} has it made, by a ring or by threads, and completes it.
 *
 * <p>Not exported.
 */
@NullMarked
package io.github.epollo.fs.engine;

import org.jspecify.annotations.NullMarked;
