package io.github.epollo.benchmarks.harness;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The command line: {@code --servers FILE --rounds N ... [--echo-load PROGRAM | --churn-load PROGRAM] --bytes N [--backend PID]}, and what {@link Results} wants. */
record Settings(
    Path servers,
    Path pipelineScript,
    int rounds,
    int seconds,
    int warmUp,
    int connections,
    int pipeline,
    @Nullable String echoLoad,
    @Nullable String churnLoad,
    int bytes,
    @Nullable Long backend) {
  static Settings of(Options options) {
    String backend = options.optional("--backend");
    return new Settings(options.path("--servers"), options.path("--pipeline-script"), options.number("--rounds"),
        options.number("--seconds"), options.number("--warm-up"), options.number("--connections"),
        options.number("--pipeline"), options.optional("--echo-load"), options.optional("--churn-load"),
        options.number("--bytes"), backend == null ? null : Long.valueOf(backend));
  }
}
