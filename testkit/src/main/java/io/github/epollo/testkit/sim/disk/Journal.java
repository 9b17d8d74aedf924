package io.github.epollo.testkit.sim.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes of names, in order, of which a crash may undo any whose directories were not synced since. A change is one system call: all of it is left or nothing. Changes of one inode are left in their
 * order: a later one not without an earlier one.
 */
final class Journal {
  /** A name that stands for {@code node} from now on, or for nothing. */
  record Effect(Directory directory, String name, @Nullable Node node) {}

  private static final class Change {
    final List<Effect> effects;
    final Node subject;
    final Set<Directory> unsynced = new HashSet<>();

    Change(Node subject, List<Effect> effects) {
      this.subject = subject;
      this.effects = effects;
      effects.forEach(e -> unsynced.add(e.directory));
    }
  }

  private final List<Change> changes = new ArrayList<>();

  /** Remembers a change; {@code subject} is what it names, moves or removes. */
  void add(Node subject, Effect... effects) {
    changes.add(new Change(subject, Arrays.asList(effects)));
  }

  /** fsync(2) of a directory: what happened in it stays, once each directory that took part is synced. */
  void sync(Directory directory) {
    changes.forEach(c -> c.unsynced.remove(directory));
    while (!changes.isEmpty() && changes.getFirst().unsynced.isEmpty()) {
      changes.removeFirst().effects.forEach(e -> apply(e, e.directory.durable));
    }
  }

  /** All of it stays. */
  void syncAll() {
    changes.forEach(c -> c.effects.forEach(e -> apply(e, e.directory.durable)));
    changes.clear();
  }

  private static void apply(Effect effect, Map<String, Node> names) {
    if (effect.node == null) {
      names.remove(effect.name);
    } else {
      names.put(effect.name, effect.node);
    }
  }

  /** The names that a crash leaves, by directory. */
  Names crashed(CrashChoice choice) {
    Names names = new Names();
    Set<Node> lost = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Change change : changes) {
      boolean stays = change.unsynced.isEmpty()
          || (!lost.contains(change.subject) && choice.choose(2) == 0);
      if (stays) {
        change.effects.forEach(e -> apply(e, names.in(e.directory)));
      } else {
        lost.add(change.subject);
      }
    }
    return names;
  }

  /** What is left of directories. */
  static final class Names {
    private final Map<Directory, TreeMap<String, Node>> names = new LinkedHashMap<>();

    Map<String, Node> in(Directory directory) {
      return names.computeIfAbsent(directory, d -> new TreeMap<>(d.durable));
    }
  }
}
