package io.github.epollo.benchmarks.harness;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command line: {@code --servers FILE --results DIRECTORY [--rounds N] ... [--echo-load PROGRAM --bytes N] [--fact KEY=VALUE]...}. */
record Settings(
    Path servers,
    Path results,
    Path pipelineScript,
    int rounds,
    int seconds,
    int warmUp,
    int connections,
    int pipeline,
    @Nullable String echoLoad,
    int bytes,
    Map<String, String> facts) {
  static Settings parse(String[] args) {
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--fact")) {
        String[] fact = args[i + 1].split("=", 2);
        facts.put(fact[0], fact[1]);
      } else {
        options.put(args[i], args[i + 1]);
      }
    }
    return new Settings(Path.of(required(options, "--servers")), Path.of(required(options, "--results")),
        Path.of(required(options, "--pipeline-script")), number(options, "--rounds"), number(options, "--seconds"),
        number(options, "--warm-up"), number(options, "--connections"), number(options, "--pipeline"),
        options.get("--echo-load"), number(options, "--bytes"), facts);
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("missing " + name);
    }
    return value;
  }

  private static int number(Map<String, String> options, String name) {
    int value = Integer.parseInt(required(options, name));
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
    return value;
  }
}
