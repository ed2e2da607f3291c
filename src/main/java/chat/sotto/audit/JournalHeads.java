package chat.sotto.audit;

import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalFile;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The stored heads of all entities of a journal that have events, by name, a page at a time. */
final class JournalHeads implements Iterator<HashChain> {
  private static final int PAGE = 1024;

  private final JournalFile journal;
  private Iterator<HashChain> page = List.<HashChain>of().iterator();
  private String last = "";
  private boolean ended;

  JournalHeads(JournalFile journal) {
    this.journal = journal;
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext() && !ended) {
      List<HashChain> next = journal.heads(last, PAGE);
      ended = next.size() < PAGE;
      page = next.iterator();
    }
    return page.hasNext();
  }

  @Override
  public HashChain next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    HashChain next = page.next();
    last = next.entity();
    return next;
  }
}
