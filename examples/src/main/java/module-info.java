import org.jspecify.annotations.NullMarked;

/** Programs that show Epollo at work; each is a main class. */
@NullMarked
module io.github.epollo.examples {
  requires io.github.epollo.fs;
  requires io.github.epollo.net;
  requires io.github.epollo.runtime;
  requires io.github.epollo.timers;
  requires java.logging; // for --trace
  requires static org.jspecify;
}
