import org.jspecify.annotations.NullMarked;

/**
 * TCP for Epollo: {@link io.github.epollo.net.TcpListener} and {@link io.github.epollo.net.TcpStream}, whose calls wait in the task, never in the loop.
 */
@NullMarked
module io.github.epollo.net {
  requires transitive io.github.epollo.runtime;
  requires static transitive org.jspecify;

  exports io.github.epollo.net;
}
