import org.jspecify.annotations.NullMarked;

/**
 * Files for Epollo: what is in the page cache is answered on the spot, what would block goes through an io_uring that the loop's epoll watches, or to a few threads of its own.
 */
@NullMarked
module io.github.epollo.fs {
  requires transitive io.github.epollo.runtime;
  requires static transitive org.jspecify;

  exports io.github.epollo.fs;
}
