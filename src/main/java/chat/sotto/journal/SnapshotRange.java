package chat.sotto.journal;

/** The snapshots of an entity between two numbers and two times, all inclusive. */
record SnapshotRange(String entity, long nrMin, long nrMax, long writtenMin, long writtenMax) {}
