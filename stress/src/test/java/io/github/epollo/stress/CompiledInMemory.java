package io.github.epollo.stress;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** One source compiled against the class path, without a file. */
final class CompiledInMemory extends ForwardingJavaFileManager<JavaFileManager> {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
  private static final JavaFileManager CLASS_PATH = COMPILER.getStandardFileManager(null, null, null); // one for all: it keeps the jars open

  private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

  private CompiledInMemory() {
    super(CLASS_PATH);
  }

  /** The class files, by class name, that {@code source} of the class {@code name} becomes. */
  static Map<String, byte[]> compile(String name, String source) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    CompiledInMemory outputs = new CompiledInMemory();
    List<String> options = List.of("-proc:none", "-nowarn", "-g", "-classpath", System.getProperty("java.class.path"));
    if (!COMPILER.getTask(null, outputs, problems, options, null, List.of(new Source(name, source))).call()) {
      throw new IllegalStateException("cannot compile the twin of " + name + ": " + problems.getDiagnostics());
    }
    Map<String, byte[]> classes = new HashMap<>();
    outputs.outputs.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
    return classes;
  }

  @Override
  public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
      FileObject sibling) {
    return new SimpleJavaFileObject(uri(className, kind), kind) {
      @Override
      public OutputStream openOutputStream() {
        return outputs.computeIfAbsent(className, _ -> new ByteArrayOutputStream());
      }
    };
  }

  private static URI uri(String className, JavaFileObject.Kind kind) {
    return URI.create("memory:///" + className.replace('.', '/') + kind.extension);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(uri(name, Kind.SOURCE), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
