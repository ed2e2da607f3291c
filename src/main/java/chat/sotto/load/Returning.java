package chat.sotto.load;

import java.util.ArrayList;
import java.util.List;

/** Many who have an account each, and come back all at once. */
final class Returning {
  private final Bench bench;
  private final List<Member> members;
  private List<Line> lines = List.of();
  private volatile boolean isEnding;

  Returning(Bench bench, int count) {
    this.bench = bench;
    members = bench.crew.make(count);
  }

  /** Each makes an account and goes. */
  void register() {
    lines = bring("registered", true);
    leave();
  }

  /** With their tokens. @return how many seconds that took */
  double resume() {
    isEnding = false;
    long begun = System.nanoTime();
    lines = bring("came back", false);
    return (System.nanoTime() - begun) / 1e9;
  }

  private List<Line> bring(String what, boolean isNew) {
    var coming = new ArrayList<Crew.Coming>();
    for (Member member : members) {
      coming.add(
          new Crew.Coming(member, isNew ? member::register : member::resume, new Quiet()));
    }
    return bench.crew.bring(coming, what, i -> i);
  }

  List<Member> members() {
    return members;
  }

  void leave() {
    isEnding = true;
    for (int i = 0; i < lines.size(); i++) {
      bench.loops.of(i).execute(lines.get(i)::leave);
    }
    lines = List.of();
  }

  private final class Quiet implements Line.Ear {
    @Override
    public void closed(int code) {
      if (!isEnding) {
        Line.Ear.super.closed(code);
      }
    }
  }
}
