package chat.sotto.user;

import chat.sotto.model.Point;

/**
 * A place in an inbox and in the journal behind it.
 *
 * @param journalNr number of the journal's event at this place; later entries have higher ones
 * @param total bytes accepted for the device concerned up to here
 */
public record Position(Point point, long journalNr, long total) {}
