package io.github.epollo.testkit.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.util.function.Predicate;

/**
 * Loads Epollo's classes anew, one of them with a method that was broken on purpose: the production code in all else, so that a test can show that it would
 * have found the mistake.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "io.github.epollo.";

  private final String className;
  private final Predicate<MethodModel> method;
  private final ClassTransform transform;
  private boolean applied;

  /** Breaks the methods of {@code className} that {@code method} accepts. */
  MutantLoader(String className, Predicate<MethodModel> method, ClassTransform transform) {
    super(MutantLoader.class.getClassLoader());
    this.className = className;
    this.method = method;
    this.transform = transform;
  }

  /** Runs {@code scenario}, a Runnable with a constructor that takes a seed, among the mutated classes. */
  void run(Class<? extends Runnable> scenario, long seed) throws Throwable {
    try {
      Runnable copy = (Runnable) loadClass(scenario.getName()).getDeclaredConstructor(long.class).newInstance(seed);
      copy.run();
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw e.getCause();
    }
    if (!applied) {
      throw new IllegalStateException("no method was broken: " + className + " was not loaded, or has no such method");
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes;
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (name.equals(className)) {
      bytes = mutate(bytes);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] mutate(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    applied = model.methods().stream().anyMatch(method);
    return ClassFile.of().transformClass(model, transform);
  }
}
