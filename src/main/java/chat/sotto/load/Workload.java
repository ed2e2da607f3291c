package chat.sotto.load;

/** What a scenario does. */
interface Workload {
  /** @throws LoadException if it cannot go on */
  void run(Bench bench) throws Exception;
}
