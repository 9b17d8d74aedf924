/**
 * Files, directories, pipes and watches, awaited on the loop's own epoll.
 */
@NullMarked
package io.github.epollo.fs;

import org.jspecify.annotations.NullMarked;
