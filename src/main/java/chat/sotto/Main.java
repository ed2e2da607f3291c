package chat.sotto;

public final class Main {
  private Main() {}

  public static void main(String[] args) {
    throw new UnsupportedOperationException("wired in a later commit");
  }
}
